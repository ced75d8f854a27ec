"""The tables, one file a noun. Only repositories query them."""

from contactsvc.models.contacts import Contact
from contactsvc.models.sessions import Session
from contactsvc.models.users import CurrentUser, Role, User

__all__ = ["Contact", "CurrentUser", "Role", "Session", "User"]
