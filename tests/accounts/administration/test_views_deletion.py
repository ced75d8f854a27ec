"""Administrators delete accounts over HTTP, while those go on."""

import asyncio
from collections.abc import Awaitable
from itertools import permutations
from pathlib import Path

import asyncpg
import pytest
from aiohttp import ClientResponse

from contactsvc.accounts.users.administrators import LOCK
from tests.accounts.administration.conftest import IdOf, audited
from tests.conftest import PASSWORD, MakeClient, MakePerson, Person, problem
from tests.support.avatars import kept, uploaded
from tests.support.locks import race, until_locks_wait
from tests.support.pictures import flag
from tests.support.waiting import until


def credentials(person: Person) -> dict[str, str]:
    return {"email": person.email, "password": PASSWORD}


async def test_a_deleted_account_is_gone_with_its_contacts(
    admin: Person, make_person: MakePerson, id_of: IdOf, pg: asyncpg.Connection
) -> None:
    grace, bob = await make_person(), await make_person("bob@example.com")
    await grace.add_contact()
    kept = await bob.add_contact()
    number = await id_of(grace)
    path = f"/api/admin/users/{number}"

    assert (await admin.delete(path)).status == 204

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    refresh = {"refresh_token": grace.tokens["refresh_token"]}
    renewed = await grace.client.post("/api/auth/refresh", json=refresh)
    await problem(renewed, 401, "unauthenticated")
    login = await grace.client.post("/api/auth/login", json=credentials(grace))
    await problem(login, 401, "invalid_credentials")
    contacts = await pg.fetch("SELECT id, owner_id FROM contacts")
    assert [tuple(row) for row in contacts] == [(kept["id"], await id_of(bob))]
    await problem(await admin.get(path), 404, "not_found")
    await problem(await admin.delete(path), 404, "not_found")
    [event] = await audited(admin, f"user_id={number}&event=user_deleted")
    assert event["actor_id"] == await id_of(admin)


async def test_what_was_mailed_goes_with_the_account(
    admin: Person, make_person: MakePerson, id_of: IdOf, pg: asyncpg.Connection
) -> None:
    grace = await make_person()
    number = await id_of(grace)
    assert (await admin.post(f"/api/admin/users/{number}/reset")).status == 202

    assert (await admin.delete(f"/api/admin/users/{number}")).status == 204

    for table in ("outbox", "one_time_tokens"):
        assert await pg.fetchval(f"SELECT count(*) FROM {table}") == 0


async def test_two_processes_refuse_a_deleted_user_at_once(
    admin: Person,
    make_person: MakePerson,
    make_client: MakeClient,
    id_of: IdOf,
    redis_url: str | None,
) -> None:
    """Two applications on one PostgreSQL and one Redis, whose copies live for minutes."""
    if redis_url is None:
        pytest.skip("needs TEST_REDIS_URL")
    grace = await make_person()
    elsewhere = Person(await make_client(), grace.email, grace.tokens)
    for person in (grace, elsewhere):
        assert (await person.get("/api/users/me")).status == 200

    assert (await admin.delete(f"/api/admin/users/{await id_of(grace)}")).status == 204

    for person in (grace, elsewhere):
        await problem(await person.get("/api/users/me"), 401, "unauthenticated")


async def test_an_administrator_may_go_while_another_one_stays(
    admin: Person, make_person: MakePerson, id_of: IdOf, pg: asyncpg.Connection, folder: Path
) -> None:
    await make_person()
    await pg.execute("UPDATE users SET role = 'admin'")
    await uploaded(admin, flag())

    assert (await admin.delete(f"/api/admin/users/{await id_of(admin)}")).status == 204

    await problem(await admin.get("/api/users/me"), 401, "unauthenticated")
    await until(lambda: kept(folder) == [])


async def test_the_last_administrator_cannot_be_deleted(
    admin: Person, make_person: MakePerson, id_of: IdOf, pg: asyncpg.Connection, folder: Path
) -> None:
    """A disabled administrator beside them does not count."""
    await make_person()
    await pg.execute("UPDATE users SET role = 'admin', is_active = (email = $1)", admin.email)
    await uploaded(admin, flag())

    response = await admin.delete(f"/api/admin/users/{await id_of(admin)}")

    await problem(response, 409, "last_admin")
    assert (await admin.get("/api/users/me")).status == 200
    assert len(kept(folder)) == 1
    assert await audited(admin, "event=user_deleted") == []


async def test_of_two_administrators_who_delete_each_other_one_stays(
    admin: Person,
    make_person: MakePerson,
    id_of: IdOf,
    pg: asyncpg.Connection,
    postgres_url: str,
) -> None:
    grace = await make_person()
    await pg.execute("UPDATE users SET role = 'admin'")
    await grace.sign_in()
    people = {await id_of(person): person for person in (admin, grace)}
    held = f"SELECT pg_advisory_xact_lock({LOCK})"

    deletions = [
        people[actor].delete(f"/api/admin/users/{number}")
        for actor, number in permutations(people, 2)
    ]
    responses = await race(pg, postgres_url, held, *deletions)

    assert sorted(response.status for response in responses) == [204, 409]
    [row] = await pg.fetch("SELECT id FROM users WHERE role = 'admin' AND is_active")
    assert (await people[row["id"]].get("/api/admin/users")).status == 200


async def one_after_the_other(
    pg: asyncpg.Connection,
    url: str,
    held: str,
    first: Awaitable[ClientResponse],
    second: Awaitable[ClientResponse],
) -> tuple[ClientResponse, ClientResponse]:
    """Let both wait for the locks of ``held``, ``first`` in front."""
    later: list[asyncio.Future[ClientResponse]] = []

    async def line_up() -> None:
        later.append(asyncio.ensure_future(second))
        await until_locks_wait(pg, 2)

    [response] = await race(pg, url, held, first, meanwhile=line_up)
    return response, await later[0]


@pytest.mark.parametrize("deletion_first", [True, False])
async def test_who_is_deleted_while_they_sign_in_is_out(
    admin: Person,
    make_person: MakePerson,
    id_of: IdOf,
    pg: asyncpg.Connection,
    postgres_url: str,
    deletion_first: bool,
) -> None:
    grace = await make_person()
    await grace.add_contact()  # or the deletion would wait for the row to make her address book
    number = await id_of(grace)
    deletion = admin.delete(f"/api/admin/users/{number}")
    login = grace.client.post("/api/auth/login", json=credentials(grace))
    held = f"SELECT FROM users WHERE id = {number} FOR UPDATE"

    if deletion_first:
        deleted, signed_in = await one_after_the_other(pg, postgres_url, held, deletion, login)
        await problem(signed_in, 401, "invalid_credentials")
    else:
        signed_in, deleted = await one_after_the_other(pg, postgres_url, held, login, deletion)
        assert signed_in.status == 200
        grace.tokens = await signed_in.json()
        await problem(await grace.get("/api/users/me"), 401, "unauthenticated")

    assert deleted.status == 204
    assert await pg.fetchval("SELECT count(*) FROM sessions WHERE user_id = $1", number) == 0


@pytest.mark.parametrize("deletion_first", [True, False])
async def test_who_is_deleted_while_they_add_a_contact_leaves_none(
    admin: Person,
    make_person: MakePerson,
    id_of: IdOf,
    pg: asyncpg.Connection,
    postgres_url: str,
    deletion_first: bool,
) -> None:
    grace = await make_person()
    await grace.add_contact()
    number = await id_of(grace)
    deletion = admin.delete(f"/api/admin/users/{number}")
    addition = grace.post("/api/contacts/", json={"first_name": "Alan"})
    held = f"SELECT FROM address_books WHERE owner_id = {number} FOR UPDATE"

    if deletion_first:
        deleted, added = await one_after_the_other(pg, postgres_url, held, deletion, addition)
        await problem(added, 401, "unauthenticated")
    else:
        added, deleted = await one_after_the_other(pg, postgres_url, held, addition, deletion)
        assert added.status == 201

    assert deleted.status == 204
    for table in ("contacts", "address_books"):
        assert await pg.fetchval(f"SELECT count(*) FROM {table}") == 0
