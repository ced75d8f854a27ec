"""Access is declared at the handler; what declares nothing is for the signed-in."""

from collections.abc import Generator
from typing import Any

import pytest
from aiohttp import web
from aiohttp.abc import AbstractView
from aiohttp.test_utils import make_mocked_request

from contactsvc.accounts.users.model import Role
from contactsvc.web.access import (
    LOGIN,
    MAIL,
    SIGNED_IN,
    Access,
    access_of,
    body_limit,
    body_limit_of,
    handler_of,
    public,
    roles,
    throttled,
    throttled_of,
)
from contactsvc.web.view import View


async def bare(request: web.Request) -> web.Response:
    return web.Response()


def test_who_says_nothing_locks_out() -> None:
    assert access_of(bare) == SIGNED_IN
    assert access_of(None) == SIGNED_IN
    assert not SIGNED_IN.public


def test_decorators_return_the_handler_itself() -> None:
    # A wrapper would hide the schemas that aiohttp-apispec wrote on the handler.
    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    assert public(handler) is handler
    assert roles(Role.ADMIN)(handler) is handler


def test_public() -> None:
    @public
    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    assert access_of(handler) == Access(public=True)


def test_roles() -> None:
    @roles(Role.ADMIN)
    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    assert access_of(handler) == Access(public=False, roles=frozenset({Role.ADMIN}))


def test_the_last_word_is_the_outermost() -> None:
    @roles(Role.ADMIN)
    @public
    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    assert not access_of(handler).public


def test_throttled_and_access_do_not_disturb_one_another() -> None:
    @public
    @throttled(LOGIN, MAIL)
    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    assert access_of(handler).public
    assert throttled_of(handler) == (LOGIN, MAIL)
    assert throttled_of(bare) == throttled_of(None) == ()


def test_a_body_limit_is_the_handlers_own() -> None:
    @roles(Role.ADMIN)
    @body_limit(1000)
    async def handler(request: web.Request) -> web.Response:
        return web.Response()

    assert body_limit_of(handler) == 1000
    assert access_of(handler).roles == {Role.ADMIN}
    assert body_limit_of(bare) is body_limit_of(None) is None


class Thing(View):
    @public
    async def get(self) -> web.Response:
        return web.Response()

    @roles(Role.ADMIN)
    async def delete(self) -> web.Response:
        return web.Response()

    async def post(self) -> web.Response:
        return web.Response()

    async def helper(self) -> web.Response:
        return web.Response()


class Older(AbstractView):
    """A view of another kind than ours: it answers as a whole."""

    def __await__(self) -> Generator[Any, None, web.StreamResponse]:
        raise NotImplementedError


async def resolve(method: str, path: str) -> object:
    """Return what would answer a request."""
    app = web.Application()
    app.router.add_view("/thing", Thing)
    app.router.add_view("/older", Older)
    app.router.add_get("/bare", bare)
    request = make_mocked_request(method, path)
    match = await app.router.resolve(request)
    request._match_info = match
    return handler_of(request)


@pytest.mark.parametrize("method", ["GET", "HEAD", "DELETE", "POST"])
async def test_of_a_view_the_method_answers(method: str) -> None:
    name = "get" if method == "HEAD" else method.lower()
    assert await resolve(method, "/thing") is getattr(Thing, name)


async def test_head_is_as_open_as_get() -> None:
    assert access_of(await resolve("HEAD", "/thing")) == Access(public=True)


@pytest.mark.parametrize("method", ["PUT", "PATCH", "OPTIONS", "HELPER", "URL", "__INIT__"])
async def test_a_method_that_a_view_has_not_is_answered_by_nothing(method: str) -> None:
    assert await resolve(method, "/thing") is None


async def test_a_function_answers_itself() -> None:
    assert await resolve("GET", "/bare") is bare
    assert await resolve("GET", "/older") is Older


@pytest.mark.parametrize(("method", "path"), [("GET", "/nowhere"), ("POST", "/bare")])
async def test_where_there_is_no_route_nothing_answers(method: str, path: str) -> None:
    assert await resolve(method, path) is None
