"""How routes are said and added."""

from collections.abc import Iterable
from typing import NamedTuple

from aiohttp import web

from contactsvc.web.middleware.expectation import defer_continue
from contactsvc.web.view import View


class Route(NamedTuple):
    """One resource."""

    path: str
    view: type[View]


def add_routes(app: web.Application, routes: Iterable[Route]) -> None:
    """Add every route, with and without its trailing slash."""
    for path, view in routes:
        bare = path.rstrip("/")
        app.router.add_view(bare, view, expect_handler=defer_continue)
        app.router.add_view(f"{bare}/", view, expect_handler=defer_continue)
