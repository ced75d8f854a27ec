"""Administrators delete accounts over HTTP."""

import asyncpg

from tests.accounts.administration.conftest import IdOf, audited
from tests.conftest import MakePerson, Person, problem


async def test_a_deleted_account_is_gone_with_its_contacts(
    admin: Person, make_person: MakePerson, id_of: IdOf, pg: asyncpg.Connection
) -> None:
    grace = await make_person()
    await grace.add_contact()
    number = await id_of(grace)
    path = f"/api/admin/users/{number}"

    assert (await admin.delete(path)).status == 204

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 0
    await problem(await admin.get(path), 404, "not_found")
    await problem(await admin.delete(path), 404, "not_found")
    [event] = await audited(admin, f"user_id={number}&event=user_deleted")
    assert event["actor_id"] == await id_of(admin)


async def test_the_last_administrator_cannot_be_deleted(admin: Person, id_of: IdOf) -> None:
    response = await admin.delete(f"/api/admin/users/{await id_of(admin)}")

    await problem(response, 409, "last_admin")
    assert (await admin.get("/api/users/me")).status == 200
