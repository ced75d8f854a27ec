"""An application with one route more, where a program signs in as for CardDAV and does nothing."""

from dataclasses import replace
from typing import Any

import asyncpg
import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.accounts.view import AccountView
from contactsvc.app import create_app
from contactsvc.assembly import assemble
from contactsvc.platform.settings import Settings
from contactsvc.web.operation import APP_PASSWORD, Answer, operation
from contactsvc.web.view import json_response
from tests.conftest import Client, MakeClient, Person
from tests.support.app_passwords import add_app_password


class DavView(AccountView):
    """What a program with an app password reads and writes."""

    @operation(
        tag="service",
        id="dav_get",
        summary="Read",
        access=APP_PASSWORD,
        answers=[Answer(200, "Read")],
    )
    async def get(self) -> web.Response:
        return json_response({"user_id": self.user.id})

    @operation(
        tag="service",
        id="dav_put",
        summary="Write",
        access=APP_PASSWORD,
        answers=[Answer(200, "Written")],
    )
    async def put(self) -> web.Response:
        return json_response({"user_id": self.user.id})


@pytest.fixture
def make_client(settings: Settings, aiohttp_client: AiohttpClient) -> MakeClient:
    async def make(**changes: Any) -> Client:
        app = create_app(assemble(replace(settings, **changes)))
        app.router.add_view("/basic/", DavView)
        return await aiohttp_client(app)

    return make


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    return await make_client()


@pytest.fixture
async def password(grace: Person, pg: asyncpg.Connection) -> str:
    """An app password of grace's, who has the id 1."""
    return await add_app_password(pg)
