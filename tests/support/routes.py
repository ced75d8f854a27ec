"""The routes, as tests call them one and all."""

from contactsvc.routes import ROUTES
from contactsvc.web.middleware.operation import operations_of

# What is at the end of a mailed link, or of a picture's name, is not there for everybody.
GETS = [
    path
    for path, view in ROUTES
    if hasattr(view, "get") and "token" not in path and "avatars" not in path
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
    names = {"name": "start.js", "token": "unknown", "letters": "GH"}
    numbers = dict.fromkeys(("id", "contact_id", "version", "colour"), number)
    return path.format(**numbers, **names)
