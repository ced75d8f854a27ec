"""Each view and method has its operation when the service starts, and each request finds it."""

from collections.abc import Generator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractView
from aiohttp.typedefs import Handler
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.app import create_app
from contactsvc.assembly import assemble
from contactsvc.platform.settings import Settings
from contactsvc.routes import ROUTES
from contactsvc.web.middleware.operation import operation, operations_of, resolve_operations
from contactsvc.web.operation import OPERATION, PUBLIC, Answer, only
from contactsvc.web.operation import operation as declares
from contactsvc.web.view import View

DONE = Answer(204, "Done")


class Thing(View):
    @declares(tag="users", id="get_thing", summary="Get it", access=PUBLIC, answers=[DONE])
    async def get(self) -> web.Response:
        return web.Response()

    @declares(tag="users", id="drop_thing", summary="Drop it", access=only("x"), answers=[DONE])
    async def delete(self) -> web.Response:
        return web.Response()

    @declares(tag="users", id="find_thing", summary="Find it", access=PUBLIC, answers=[DONE])
    async def propfind(self) -> web.Response:
        return web.Response()

    async def helper(self) -> web.Response:
        return web.Response()


class Undeclared(View):
    async def get(self) -> web.Response:
        return web.Response()


class Older(AbstractView):
    """A view of another kind than ours: it answers as a whole."""

    def __await__(self) -> Generator[Any, None, web.StreamResponse]:
        raise NotImplementedError


async def bare(_: web.Request) -> web.Response:
    return web.Response()


@web.middleware
async def tell(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with the id of the operation that the request asks for."""
    declared = request[OPERATION]
    return web.Response(headers={"Operation": declared.id if declared else "none"})


def app_with(*routes: tuple[str, type[AbstractView]]) -> web.Application:
    app = web.Application(middlewares=[operation, tell])
    for path, view in routes:
        app.router.add_view(path, view)
    app.on_startup.append(resolve_operations)
    return app


@pytest.mark.parametrize(
    ("method", "path", "expected"),
    [
        ("GET", "/thing", "get_thing"),
        ("GET", "/thing/", "get_thing"),
        ("HEAD", "/thing", "get_thing"),
        ("DELETE", "/thing", "drop_thing"),
        ("PROPFIND", "/thing", "find_thing"),
        *((method, "/thing", "none") for method in ("PUT", "PATCH", "OPTIONS", "LOCK")),
        ("GET", "/nowhere", "none"),
    ],
)
async def test_a_request_finds_its_operation(
    aiohttp_client: AiohttpClient, method: str, path: str, expected: str
) -> None:
    client = await aiohttp_client(app_with(("/thing", Thing), ("/thing/", Thing)))

    assert (await client.request(method, path)).headers["Operation"] == expected


def test_what_is_named_like_no_method_of_http_is_none() -> None:
    assert {method for method, _ in operations_of(Thing)} == {"GET", "HEAD", "DELETE", "PROPFIND"}


async def test_a_view_without_a_declaration_keeps_the_service_from_starting(
    settings: Settings,
) -> None:
    app = create_app(assemble(settings))
    app.router.add_view("/undeclared", Undeclared)
    runner = web.AppRunner(app)

    with pytest.raises(TypeError, match=r"Undeclared\.get needs @operation"):
        await runner.setup()
    await runner.cleanup()


@pytest.mark.parametrize("answerer", [Older, bare])
async def test_so_does_what_is_no_view(answerer: Any) -> None:
    app = app_with()
    app.router.add_route("*", "/other", answerer)

    with pytest.raises(TypeError, match=r"no web\.View"):
        await resolve_operations(app)


class Twin(View):
    @declares(tag="users", id="drop_thing", summary="Another", answers=[DONE])
    async def get(self) -> web.Response:
        return web.Response()


class Heir(Thing):
    """It answers at a path of its own, and so needs ids of its own."""


class Twins(View):
    @declares(tag="users", id="do_it", summary="Do it", answers=[DONE])
    async def put(self) -> web.Response:
        return web.Response()

    @declares(tag="users", id="do_it", summary="Do it, too", answers=[DONE])
    async def post(self) -> web.Response:
        return web.Response()


@pytest.mark.parametrize("other", [Twin, Heir, Thing])
async def test_two_operations_have_two_ids(other: type[View]) -> None:
    with pytest.raises(ValueError, match="called 'drop_thing'; one is /other"):
        await resolve_operations(app_with(("/thing", Thing), ("/other", other)))


async def test_two_methods_of_one_view_have_two_ids() -> None:
    with pytest.raises(ValueError, match="called 'do_it'; one is /twins"):
        await resolve_operations(app_with(("/twins", Twins)))


async def test_no_route_comes_after_the_table_is_made() -> None:
    """It would be in no table, and so for everybody."""
    app = app_with(("/thing", Thing))
    await resolve_operations(app)

    with pytest.raises(RuntimeError, match="frozen"):
        app.router.add_view("/undeclared", Undeclared)


def test_head_has_the_operation_of_get() -> None:
    """But where it is declared by itself, as a link confirms nothing by HEAD."""
    others = []
    for path, view in ROUTES:
        declared = dict(operations_of(view))
        if declared.get("HEAD") is not declared.get("GET"):
            others.append(path)

    assert others == ["/api/auth/confirmed_email/{token}"]
