"""Versions that have had their time go, some at a time."""

from datetime import timedelta

import asyncpg
import pytest

from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.versions import repository as versions
from contactsvc.platform.clock import now
from tests.support.locks import race


async def test_old_versions_are_removed_some_at_a_time(
    contacts: ContactRepository,
    foreign: ContactRepository,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(versions, "_DUE", versions._DUE.replace("LIMIT 1000", "LIMIT 2"))
    for repository in (contacts, foreign):
        for _ in range(2):
            contact_id = (await repository.create({"first_name": "Ada"}))[0]["id"]
            for notes in "abc":
                await repository.change(contact_id, {"notes": notes})
    old = timedelta(seconds=versions.TTL + 1)
    await pg.execute(
        "UPDATE contact_versions SET replaced_at = replaced_at - $1::interval WHERE version < 3",
        old,
    )
    assert [await versions.purge(now()) for _ in range(5)] == [2, 2, 2, 2, 0]
    rows = await pg.fetch("SELECT version FROM contact_versions")
    assert [version for (version,) in rows] == [3] * 4


async def test_the_book_is_locked_first_as_by_changes(
    contacts: ContactRepository, pg: asyncpg.Connection, postgres_url: str
) -> None:
    contact_id = (await contacts.create({"first_name": "Ada"}))[0]["id"]
    await contacts.change(contact_id, {"notes": "changed"})
    moment = now() + timedelta(seconds=versions.TTL + 1)

    async def none_is_locked() -> None:
        await pg.execute("SELECT FROM contact_versions FOR UPDATE NOWAIT")

    book = "SELECT FROM address_books FOR UPDATE"
    purge = versions.purge(moment)
    assert await race(pg, postgres_url, book, purge, meanwhile=none_is_locked) == [1]
