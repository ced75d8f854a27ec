"""What every request passes on its way in, from the outside to the inside."""

from contactsvc.middleware.authentication import authentication
from contactsvc.middleware.client_address import client_address
from contactsvc.middleware.cors import cors
from contactsvc.middleware.database_wait import database_wait
from contactsvc.middleware.draining import draining
from contactsvc.middleware.errors import errors
from contactsvc.middleware.expectation import expectation
from contactsvc.middleware.limits import limits
from contactsvc.middleware.metrics import metrics
from contactsvc.middleware.negotiation import negotiation
from contactsvc.middleware.request_id import request_id
from contactsvc.middleware.settling import settling
from contactsvc.middleware.throttling import throttling
from contactsvc.middleware.validation import validation

MIDDLEWARES = (
    metrics,
    draining,
    request_id,
    client_address,
    errors,
    cors,
    limits,
    negotiation,
    database_wait,
    settling,
    authentication,
    expectation,
    validation,
    throttling,
)

__all__ = ["MIDDLEWARES"]
