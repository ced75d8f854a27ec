"""Somebody says when they want to be told whose birthday is near."""

import asyncpg

from tests.conftest import MakePerson, Person
from tests.contacts.reminders.support import KYIV, put


async def test_the_answer_is_what_is_kept(grace: Person, pg: asyncpg.Connection) -> None:
    assert await put(grace, **KYIV) == KYIV

    row = dict(await pg.fetchrow("SELECT * FROM birthday_reminders"))
    assert {name: row[name] for name in KYIV} == KYIV


async def test_everybody_has_their_own(
    grace: Person, pg: asyncpg.Connection, make_person: MakePerson
) -> None:
    ada = await make_person("ada@example.com")
    await put(grace, **KYIV)
    await put(ada, hour=20)

    kept = await pg.fetch("SELECT hour FROM birthday_reminders ORDER BY owner_id")
    assert [row["hour"] for row in kept] == [8, 20]
