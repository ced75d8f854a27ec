"""What every request passes on its way in, from the outside to the inside."""

from contactsvc.accounts.authentication import authentication
from contactsvc.accounts.settling import settling
from contactsvc.accounts.throttling import throttling
from contactsvc.web.middleware.client_address import client_address
from contactsvc.web.middleware.cors import cors
from contactsvc.web.middleware.database_wait import database_wait
from contactsvc.web.middleware.draining import draining
from contactsvc.web.middleware.errors import errors
from contactsvc.web.middleware.expectation import expectation
from contactsvc.web.middleware.limits import limits
from contactsvc.web.middleware.metrics import metrics
from contactsvc.web.middleware.negotiation import negotiation
from contactsvc.web.middleware.request_id import request_id
from contactsvc.web.middleware.validation import validation

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
