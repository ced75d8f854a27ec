"""Routes that fail, for what must hold even then."""

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.app import create_app
from contactsvc.assembly import assemble
from contactsvc.platform.settings import Settings
from contactsvc.web.operation import PUBLIC, Answer, operation
from contactsvc.web.view import View
from tests.conftest import Client

DONE = Answer(200, "It never answers")


class Broken(View):
    """A view that fails in a way that nobody thought of."""

    @operation(tag="service", id="break", summary="Break", access=PUBLIC, answers=[DONE])
    async def get(self) -> web.Response:
        raise RuntimeError("password is hunter2")


class BrokenForUsers(View):
    """A view that fails for whoever is signed in."""

    @operation(tag="service", id="break_mine", summary="Break for me", answers=[DONE])
    async def get(self) -> web.Response:
        raise RuntimeError("password is hunter2")


@pytest.fixture
async def broken(settings: Settings, aiohttp_client: AiohttpClient) -> Client:
    """A client of an application with two routes more, /broken and /broken/mine."""
    app = create_app(assemble(settings))
    app.router.add_view("/broken", Broken)
    app.router.add_view("/broken/mine", BrokenForUsers)
    return await aiohttp_client(app)
