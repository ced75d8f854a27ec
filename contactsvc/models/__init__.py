"""The tables, one file a noun. Only repositories query them."""

from contactsvc.models.address_books import AddressBook
from contactsvc.models.audit import AuditEvent, Event
from contactsvc.models.contacts import Contact
from contactsvc.models.jobs import Job
from contactsvc.models.one_time_tokens import OneTimeToken, Purpose
from contactsvc.models.outbox import MailKind, MailStatus, OutboxMail
from contactsvc.models.pending_invalidations import PendingInvalidation
from contactsvc.models.registrations import Registration
from contactsvc.models.sessions import Session
from contactsvc.models.users import CurrentUser, Role, User

__all__ = [
    "AddressBook",
    "AuditEvent",
    "Contact",
    "CurrentUser",
    "Event",
    "Job",
    "MailKind",
    "MailStatus",
    "OneTimeToken",
    "OutboxMail",
    "PendingInvalidation",
    "Purpose",
    "Registration",
    "Role",
    "Session",
    "User",
]
