"""Every table, gathered for Tortoise and Aerich."""

from contactsvc.accounts.app_passwords.model import AppPassword, AppPasswordScope
from contactsvc.accounts.audit.model import AuditData, AuditEvent, Event
from contactsvc.accounts.current_user.model import PendingInvalidation
from contactsvc.accounts.feed_secrets.model import FeedSecret
from contactsvc.accounts.idempotency.model import IdempotencyKey
from contactsvc.accounts.one_time_tokens.model import OneTimeToken, Purpose
from contactsvc.accounts.registration.model import Registration
from contactsvc.accounts.sessions.model import Session
from contactsvc.accounts.users.model import Account, Credentials, CurrentUser, Role, User
from contactsvc.contacts.address_books.model import AddressBook
from contactsvc.contacts.dav.cards.model import CardGroup, StoredCard
from contactsvc.contacts.duplicates.model import DismissedDuplicate
from contactsvc.contacts.model import ChangedBy, Contact
from contactsvc.contacts.operations.model import ContactOperation, OperationKind
from contactsvc.contacts.photos.model import ContactPhoto
from contactsvc.contacts.reminders.model import BirthdayReminder
from contactsvc.contacts.trash.model import DeletedContact
from contactsvc.contacts.versions.model import ContactVersion
from contactsvc.mail.model import MailKind, MailParams, MailStatus, OutboxMail
from contactsvc.platform.jobs.model import Job

__all__ = [
    "Account",
    "AddressBook",
    "AppPassword",
    "AppPasswordScope",
    "AuditData",
    "AuditEvent",
    "BirthdayReminder",
    "CardGroup",
    "ChangedBy",
    "Contact",
    "ContactOperation",
    "ContactPhoto",
    "ContactVersion",
    "Credentials",
    "CurrentUser",
    "DeletedContact",
    "DismissedDuplicate",
    "Event",
    "FeedSecret",
    "IdempotencyKey",
    "Job",
    "MailKind",
    "MailParams",
    "MailStatus",
    "OneTimeToken",
    "OperationKind",
    "OutboxMail",
    "PendingInvalidation",
    "Purpose",
    "Registration",
    "Role",
    "Session",
    "StoredCard",
    "User",
]
