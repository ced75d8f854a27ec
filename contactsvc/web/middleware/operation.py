"""Finds the operation of the handler that a request asks for."""

from collections.abc import Iterator, Mapping
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.web.methods import METHODS
from contactsvc.web.operation import OPERATION, Operation, operation_of

Table = Mapping[tuple[object, str], Operation]

OPERATIONS: Final[web.AppKey[Table]] = web.AppKey("OPERATIONS")
"""Every operation of the application, by view and method."""


@web.middleware
async def operation(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Put the operation on the request, for middleware and the view."""
    asked = (request.match_info.handler, request.method)
    request[OPERATION] = request.app[OPERATIONS].get(asked)
    return await handler(request)


async def resolve_operations(app: web.Application) -> None:
    """Make the table of all operations, and accept no more routes; for on_startup.

    Raises:
        TypeError: A handler has no operation, or is not a method of a view.
        ValueError: Two operations have the same id.
    """
    table: dict[tuple[object, str], Operation] = {}
    owners: dict[str, tuple[str, Operation]] = {}
    for resource in app.router.resources():
        # Every path is there twice, with its slash and without.
        path = resource.canonical.rstrip("/")
        for route in resource:
            for method, declared in operations_of(route.handler):
                owner = (path, declared)
                if owners.setdefault(declared.id, owner) != owner:
                    raise ValueError(f"Two operations are called {declared.id!r}; one is {path}.")
                table[route.handler, method] = declared
    app[OPERATIONS] = table
    app.router.freeze()  # a later route would not be in the table, and so be open to everybody


def operations_of(view: object) -> Iterator[tuple[str, Operation]]:
    """Yield the methods of a view, each with its operation.

    Raises:
        TypeError: A method has no operation, or it is no view.
    """
    if not (isinstance(view, type) and issubclass(view, web.View)):
        raise TypeError(f"{view!r} is no web.View, whose methods declare operations.")
    for method in sorted(METHODS):
        handler = getattr(view, method.lower(), None)
        if handler is not None:
            yield method, operation_of(handler)
