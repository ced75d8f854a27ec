"""What an app password is good for, and when it stops being good."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.repository import USE_INTERVAL
from contactsvc.accounts.security.passwords import Passwords
from tests.conftest import PASSWORD, Client, MakePerson, Person, problem
from tests.support.app_passwords import add_app_password, basic, bearer
from tests.support.clocks import Clock
from tests.support.mailbox import Mailbox
from tests.support.work import statements_of_requests

NEW = "quite another battery staple"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def is_refused(client: Client, password: str, email: str = "grace@example.com") -> None:
    """Assert that an app password is good for nothing."""
    await problem(
        await client.get("/basic/", headers=basic(email, password)), 401, "unauthenticated"
    )
    await problem(await client.get("/api/tags/", headers=bearer(password)), 401, "unauthenticated")


async def is_good(client: Client, password: str, email: str = "grace@example.com") -> None:
    assert (await client.get("/basic/", headers=basic(email, password))).status == 200
    assert (await client.get("/api/tags/", headers=bearer(password))).status == 200


async def test_a_request_takes_no_sql_of_its_own(grace: Person, password: str) -> None:
    await is_good(grace.client, password)

    with statements_of_requests() as of_dav:
        for headers in (basic(grace.email, password), basic("GRACE@EXAMPLE.COM", password)):
            assert (await grace.client.get("/basic/", headers=headers)).status == 200
    with statements_of_requests() as of_contacts:
        assert (await grace.client.get("/api/contacts/", headers=bearer(password))).status == 200

    assert of_dav == []
    assert len(of_contacts) == 1


async def test_no_password_is_hashed(
    grace: Person, password: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither to let somebody in nor to refuse them, so this is no place to guess passwords."""
    hashed: list[str] = []
    verify = Passwords.verify

    async def counting(self: Passwords, typed: str, stored: str | None) -> object:
        hashed.append(typed)
        return await verify(self, typed, stored)

    monkeypatch.setattr(Passwords, "verify", counting)
    for typed in (password, PASSWORD, "wrong"):
        await grace.client.get("/basic/", headers=basic(grace.email, typed))
    assert hashed == []

    await grace.sign_in()
    assert hashed == [PASSWORD]


async def test_for_reading_it_reads_alone(grace: Person, pg: asyncpg.Connection) -> None:
    password = await add_app_password(pg, scope="read")
    client, dav, rest = grace.client, basic(grace.email, password), bearer(password)
    await is_good(client, password)
    assert (await client.head("/api/contacts/", headers=rest)).status == 200

    await problem(await client.put("/basic/", headers=dav), 403, "forbidden")
    for method, path in (("POST", "/api/contacts/"), ("PATCH", "/api/contacts/1")):
        for body in (b'{"first_name": "Ada"}', b'{"first_name": 1}', b"no JSON"):
            headers = rest | {"Content-Type": "application/json"}
            response = await client.request(method, path, data=body, headers=headers)
            await problem(response, 403, "forbidden")
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 0


async def test_for_writing_it_writes(grace: Person, password: str) -> None:
    body = {"first_name": "Ada"}
    made = await grace.client.post("/api/contacts/", json=body, headers=bearer(password))

    assert made.status == 201
    assert (await grace.get(made.headers["Location"].partition("com")[2])).status == 200


async def test_it_is_for_ones_own_contacts(
    grace: Person, make_person: MakePerson, password: str
) -> None:
    bob = await make_person("bob@example.com")
    contact = await bob.add_contact()

    path = f"/api/contacts/{contact['id']}"
    await problem(await grace.client.get(path, headers=bearer(password)), 404, "not_found")


Act = Callable[[Person, asyncpg.Connection], Awaitable[None]]


async def change_password(grace: Person, _: asyncpg.Connection) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await grace.put("/api/users/me/password", json=body)).status == 204


async def delete_account(grace: Person, _: asyncpg.Connection) -> None:
    assert (await grace.delete("/api/users/me", json={"password": PASSWORD})).status == 204


async def revoke(grace: Person, _: asyncpg.Connection) -> None:
    assert (await grace.delete("/api/users/me/app_passwords/1")).status == 204


@pytest.mark.parametrize("act", [change_password, delete_account, revoke])
async def test_it_ends_at_once(
    grace: Person, password: str, pg: asyncpg.Connection, act: Act
) -> None:
    await is_good(grace.client, password)

    await act(grace, pg)

    await is_refused(grace.client, password)


async def test_a_reset_ends_it(grace: Person, password: str, mailbox: Mailbox) -> None:
    await is_good(grace.client, password)
    await grace.client.post("/api/auth/update_password", json={"email": grace.email})

    link = await mailbox.link(grace.email)
    assert (await grace.client.post(link, json={"password": NEW})).status == 200

    await is_refused(grace.client, password)


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("PATCH", "/api/admin/users/1", {"is_active": False}, 200),
        ("POST", "/api/admin/users/1/logout", None, 204),
        ("DELETE", "/api/admin/users/1", None, 204),
    ],
    ids=["disabled", "logged out", "deleted"],
)
async def test_an_administrator_ends_it(
    grace: Person,
    make_person: MakePerson,
    password: str,
    pg: asyncpg.Connection,
    method: str,
    path: str,
    body: object,
    status: int,
) -> None:
    ruth = await make_person("ruth@example.com")
    await pg.execute("UPDATE users SET role = 'admin' WHERE id = 2")
    await is_good(grace.client, password)

    assert (await ruth.request(method, path, json=body)).status == status

    await is_refused(grace.client, password)
    await ruth.patch("/api/admin/users/1", json={"is_active": True})
    await is_refused(grace.client, password)


async def test_ones_own_sign_out_leaves_it(grace: Person, password: str) -> None:
    assert (await grace.post("/api/auth/logout", json={"scope": "global"})).status == 204

    await is_good(grace.client, password)


async def test_another_email_is_another_user_name(
    grace: Person, password: str, mailbox: Mailbox
) -> None:
    await is_good(grace.client, password)
    body = {"email": "admiral@example.com", "password": PASSWORD}
    assert (await grace.post("/api/users/me/email", json=body)).status == 202
    link = await mailbox.link("admiral@example.com")
    assert (await grace.client.post(link)).status == 200

    before = await grace.client.get("/basic/", headers=basic(grace.email, password))
    await problem(before, 401, "unauthenticated")
    await is_good(grace.client, password, "admiral@example.com")


async def test_a_disabled_account_is_refused_whoever_disabled_it(
    grace: Person, password: str, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET is_active = false")

    await is_refused(grace.client, password)


async def test_an_unconfirmed_email_is_refused_as_everywhere(
    grace: Person, password: str, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET confirmed = false")

    response = await grace.client.get("/basic/", headers=basic(grace.email, password))
    await problem(response, 403, "email_not_confirmed")


async def test_its_end_counts_though_it_is_remembered(
    grace: Person, pg: asyncpg.Connection, clock: Clock
) -> None:
    password = await add_app_password(pg, expires_at=clock.moment + timedelta(seconds=60))
    clock.move(59)
    await is_good(grace.client, password)

    clock.move(1)

    await is_refused(grace.client, password)
    assert (await (await grace.get("/api/users/me/app_passwords")).json()) == {"items": []}


async def test_its_use_is_written_down_now_and_then(
    grace: Person, password: str, pg: asyncpg.Connection, clock: Clock
) -> None:
    used = "SELECT last_used_at FROM app_passwords"
    first = clock.moment
    await is_good(grace.client, password)
    assert await pg.fetchval(used) == first

    clock.move(USE_INTERVAL.total_seconds() - 1)
    with statements_of_requests() as sent:
        assert (
            await grace.client.get("/basic/", headers=basic(grace.email, password))
        ).status == 200
    assert (sent, await pg.fetchval(used)) == ([], first)

    clock.move(2)
    await is_good(grace.client, password)
    assert await pg.fetchval(used) == clock.moment


async def test_no_request_fails_because_its_use_cannot_be_written(
    grace: Person, password: str, pg: asyncpg.Connection
) -> None:
    await pg.execute(
        "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'no'; END $$;"
        "CREATE TRIGGER refuse BEFORE UPDATE ON app_passwords EXECUTE FUNCTION refuse()"
    )
    try:
        await is_good(grace.client, password)
    finally:
        await pg.execute("DROP FUNCTION refuse CASCADE")


async def test_it_is_for_contacts_and_tags_alone(grace: Person, password: str) -> None:
    for method, path in (
        ("GET", "/api/users/me"),
        ("GET", "/api/users/me/export"),
        ("POST", "/api/users/me/app_passwords"),
        ("POST", "/api/auth/logout"),
        ("GET", "/api/admin/users"),
    ):
        response = await grace.client.request(method, path, headers=bearer(password))
        assert "alone" in (await problem(response, 403, "forbidden"))["detail"]
        basic_there = await grace.client.request(method, path, headers=basic(grace.email, password))
        await problem(basic_there, 401, "unauthenticated")
        assert basic_there.headers["WWW-Authenticate"] == "Bearer"
