"""Access is declared on an operation: who forgets it locks out, and roles come before bodies."""

import asyncpg
import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.accounts.users.model import Role
from contactsvc.accounts.users.schemas import UserPatchSchema
from contactsvc.app import create_app
from contactsvc.assembly import assemble
from contactsvc.platform.settings import Settings
from contactsvc.web.operation import Answer, only, operation
from contactsvc.web.view import View, json_response
from tests.conftest import Client, MakePerson, Person, pointers, problem


class Undeclared(View):
    """A view whose author forgot to say who may call it."""

    @operation(tag="service", id="forget", summary="Forget", answers=[Answer(200, "Forgotten")])
    async def get(self) -> web.Response:
        return json_response({})


class ForAdmins(View):
    """A view for administrators."""

    @operation(
        tag="admin",
        id="administer",
        summary="For administrators",
        access=only(Role.ADMIN),
        body=UserPatchSchema,
        answers=[Answer(200, "Done")],
    )
    async def post(self) -> web.Response:
        return json_response(self.body)


@pytest.fixture
async def client(settings: Settings, aiohttp_client: AiohttpClient) -> Client:
    """A client of an application that has two routes more."""
    app = create_app(assemble(settings))
    app.router.add_view("/undeclared", Undeclared)
    app.router.add_view("/for-admins", ForAdmins)
    return await aiohttp_client(app)


async def test_whoever_forgets_to_declare_locks_out(
    client: Client, make_person: MakePerson
) -> None:
    await problem(await client.get("/undeclared"), 401, "unauthenticated")
    assert (await (await make_person()).get("/undeclared")).status == 200


@pytest.mark.parametrize("body", [b'{"name": "x"}', b'{"name": 1}', b"no JSON", b""])
async def test_a_role_is_asked_for_before_the_body_is_looked_at(grace: Person, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    nobody = await grace.client.post("/for-admins", data=body, headers=headers)
    user = await grace.post("/for-admins", data=body, headers=headers)

    await problem(nobody, 401, "unauthenticated")
    await problem(user, 403, "forbidden")


async def test_an_administrator_is_let_in(grace: Person, pg: asyncpg.Connection) -> None:
    await pg.execute("UPDATE users SET role = 'admin'")

    assert (await grace.post("/for-admins", json={"name": "x"})).status == 200
    assert await pointers(await grace.post("/for-admins", json={"name": 1})) == {"/name"}


async def test_a_role_is_looked_up_where_it_is_kept(grace: Person, pg: asyncpg.Connection) -> None:
    """The cached copy still says admin, as nobody has told the cache."""
    await pg.execute("UPDATE users SET role = 'admin'")
    assert (await (await grace.get("/api/users/me")).json())["role"] == "admin"
    await pg.execute("UPDATE users SET role = 'user'")

    await problem(await grace.post("/for-admins", json={"name": "x"}), 403, "forbidden")
