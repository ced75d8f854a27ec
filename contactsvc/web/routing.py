"""The record of a route, and how routes are added to an application."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from aiohttp import web

from contactsvc.web.middleware.expectation import defer_continue
from contactsvc.web.view import View


class Route(NamedTuple):
    """The path of a resource and the view that answers there."""

    path: str
    view: type[View]


_PLACE: Final = re.compile(r"\{(\w+)\}")


def add_routes(app: web.Application, routes: Iterable[Route]) -> None:
    """Add every route, with and without its trailing slash.

    A place in a path takes whatever is between slashes; aiohttp's own takes no braces.
    """
    for path, view in routes:
        bare = _PLACE.sub(r"{\1:[^/]+}", path.rstrip("/"))
        app.router.add_view(bare, view, expect_handler=defer_continue)
        app.router.add_view(f"{bare}/", view, expect_handler=defer_continue)
