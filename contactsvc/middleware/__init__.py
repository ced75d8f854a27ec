"""What every request passes on its way in, from the outside to the inside."""

from contactsvc.middleware.authentication import authentication
from contactsvc.middleware.cors import cors
from contactsvc.middleware.errors import errors
from contactsvc.middleware.limits import limits
from contactsvc.middleware.negotiation import negotiation
from contactsvc.middleware.request_id import request_id
from contactsvc.middleware.validation import validation

MIDDLEWARES = (request_id, errors, cors, limits, negotiation, authentication, validation)

__all__ = ["MIDDLEWARES"]
