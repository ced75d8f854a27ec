"""The record of a route, and how routes are added to an application."""

from collections.abc import Iterable
from typing import NamedTuple

from aiohttp import web

from contactsvc.web.middleware.expectation import defer_continue
from contactsvc.web.view import View


class Route(NamedTuple):
    """The path of a resource and the view that answers there."""

    path: str
    view: type[View]


def add_routes(app: web.Application, routes: Iterable[Route]) -> None:
    """Add every route, with and without its trailing slash."""
    for path, view in routes:
        bare = path.rstrip("/")
        app.router.add_view(bare, view, expect_handler=defer_continue)
        app.router.add_view(f"{bare}/", view, expect_handler=defer_continue)
