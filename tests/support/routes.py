"""The routes, as tests call them one and all."""

from contactsvc.routes import ROUTES
from contactsvc.web.middleware.operation import operations_of

# What is at the end of a mailed link, or of a picture's name, is not there for everybody, what is
# made while it is sent has no length, and to CardDAV one signs in otherwise.
_SPECIAL = ("token", "secret", "avatars", "photo", "export", "dav")
GETS = [
    path
    for path, view in ROUTES
    if hasattr(view, "get") and not any(word in path for word in _SPECIAL)
]


OTHERS = [
    (method, path)
    for path, view in ROUTES
    for method, declared in operations_of(view)
    if declared.body is not None
]
"""Where a body is read as JSON."""


def filled(path: str, number: int = 1) -> str:
    """Return the path of a route with something in its place holders."""
    names = {"name": "start.js", "token": "unknown", "secret": "unknown", "letters": "GH"}
    numbers = dict.fromkeys(("id", "contact_id", "version", "colour", "user_id", "book_id"), number)
    return path.format(**numbers, **names)
