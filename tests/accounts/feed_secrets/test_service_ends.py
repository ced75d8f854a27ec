"""What ends the secret of a birthday calendar, besides its user: whatever ends app passwords."""

from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from contactsvc.accounts.audit.model import Event
from tests.conftest import PASSWORD, Person
from tests.support.administrators import MakeAdmin
from tests.support.mailbox import Mailbox

NEW = "quite another battery staple"
COUNT = "SELECT count(*) FROM feed_secrets"
ME = "SELECT id FROM users WHERE email = 'grace@example.com'"

Act = Callable[[Person, Mailbox, MakeAdmin, int], Awaitable[None]]


@pytest.fixture
async def grace_id(grace: Person, pg: asyncpg.Connection) -> int:
    """The id of Grace, who has a secret."""
    await pg.execute(
        f"INSERT INTO feed_secrets (user_id, digest, created_at) SELECT id, '', now() FROM ({ME})"
        " AS grace"
    )
    grace_id: int = await pg.fetchval(ME)
    return grace_id


async def change_password(grace: Person, *_: object) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await grace.put("/api/users/me/password", json=body)).status == 204


async def reset_password(grace: Person, mailbox: Mailbox, *_: object) -> None:
    await grace.client.post("/api/auth/update_password", json={"email": grace.email})
    link = await mailbox.link(grace.email)
    assert (await grace.client.post(link, json={"password": NEW})).status == 200


async def disable(_: Person, __: Mailbox, make_admin: MakeAdmin, grace_id: int) -> None:
    admin = await make_admin("admin@example.com")
    path = f"/api/admin/users/{grace_id}"
    assert (await admin.patch(path, json={"is_active": False})).status == 200


async def sign_out(_: Person, __: Mailbox, make_admin: MakeAdmin, grace_id: int) -> None:
    admin = await make_admin("admin@example.com")
    assert (await admin.post(f"/api/admin/users/{grace_id}/logout")).status == 204


async def delete_account(grace: Person, *_: object) -> None:
    assert (await grace.delete("/api/users/me", json={"password": PASSWORD})).status == 204


@pytest.mark.parametrize(
    "act", [change_password, reset_password, disable, sign_out, delete_account]
)
async def test_it_ends(
    grace: Person,
    grace_id: int,
    mailbox: Mailbox,
    make_admin: MakeAdmin,
    pg: asyncpg.Connection,
    act: Act,
) -> None:
    await act(grace, mailbox, make_admin, grace_id)

    assert await pg.fetchval(COUNT) == 0


@pytest.mark.usefixtures("grace_id")
async def test_it_stays(grace: Person, pg: asyncpg.Connection) -> None:
    body = {"current_password": "wrong", "new_password": NEW}
    assert (await grace.put("/api/users/me/password", json=body)).status == 401
    assert (await grace.patch("/api/users/me", json={"name": "Ada"})).status == 200
    assert (await grace.post("/api/auth/logout", json={"scope": "global"})).status == 204

    assert await pg.fetchval(COUNT) == 1


async def test_that_an_administrator_ended_it_is_recorded(
    grace: Person, grace_id: int, mailbox: Mailbox, make_admin: MakeAdmin, pg: asyncpg.Connection
) -> None:
    await sign_out(grace, mailbox, make_admin, grace_id)

    newest = "SELECT event, user_id, data FROM audit_events ORDER BY id DESC LIMIT 1"
    row = await pg.fetchrow(newest)
    assert tuple(row) == (Event.TOKEN_REVOKED, grace_id, '{"purpose": "birthday_feed"}')
