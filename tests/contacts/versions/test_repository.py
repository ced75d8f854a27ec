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


async def test_one_version_of_each_of_many_contacts(
    contacts: ContactRepository, owner: int, foreign: ContactRepository
) -> None:
    ids = []
    for repository in (contacts, contacts, foreign):
        ids.append((await repository.create({"first_name": "Ada"}))[0]["id"])
        for notes in "abc":
            await repository.change(ids[-1], {"notes": notes})
    wanted = {ids[0]: 2, ids[1]: 3, ids[2]: 1, 10**9: 1}
    found = await versions.earlier_columns(owner, wanted)
    assert {key: columns["notes"] for key, columns in found.items()} == {ids[0]: "a", ids[1]: "b"}
    assert await versions.earlier_columns(owner, {ids[0]: 4}) == {}
