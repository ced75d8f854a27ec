"""Tags of one owner: counted, renamed and removed, in batches that can be repeated."""

from typing import Any

import asyncpg
import pytest

from contactsvc.contacts import bulk
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.tags import repository as tags
from contactsvc.contacts.tags.repository import Tag, TagRepository
from contactsvc.platform.errors import NotFound

STORED = "SELECT tags FROM contacts ORDER BY id"


@pytest.fixture
def mine(owner: int) -> TagRepository:
    return TagRepository(owner)


async def add(contacts: ContactRepository, *each: list[str]) -> None:
    for names in each:
        await contacts.create({"first_name": "Ada", "tags": names})


async def stored(pg: asyncpg.Connection) -> list[list[str]]:
    return [row["tags"] for row in await pg.fetch(STORED)]


async def test_spellings_are_one_tag_as_most_have_it(
    mine: TagRepository, contacts: ContactRepository, foreign: ContactRepository
) -> None:
    await add(contacts, ["Éa", "b"], ["éa"], ["éa", "C"], [])
    await add(foreign, ["b"], ["z"])
    assert await mine.all() == [Tag("b", 1), Tag("C", 1), Tag("éa", 3)]


async def test_of_too_many_those_that_are_used_least_are_left_out(
    mine: TagRepository, contacts: ContactRepository, monkeypatch: pytest.MonkeyPatch
) -> None:
    few = tags._COUNT.replace(f"LIMIT {tags.MAX_LISTED}", "LIMIT 2")
    assert few != tags._COUNT
    monkeypatch.setattr(tags, "_COUNT", few)
    await add(contacts, ["a", "b", "c"], ["b", "c"])
    assert await mine.all() == [Tag("b", 2), Tag("c", 2)]


async def test_others_contacts_keep_theirs(
    mine: TagRepository,
    contacts: ContactRepository,
    foreign: ContactRepository,
    pg: asyncpg.Connection,
) -> None:
    await add(contacts, ["a", "b"])
    await add(foreign, ["a"])
    assert await mine.rename("A", "c") == Tag("c", 1)
    await mine.remove("b")
    assert await stored(pg) == [["c"], ["a"]]
    for gone in (mine.rename("a", "x"), mine.remove("a")):
        with pytest.raises(NotFound):
            await gone


async def test_what_is_interrupted_keeps_the_rest_and_can_be_repeated(
    mine: TagRepository,
    contacts: ContactRepository,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    await add(contacts, *[["a"]] * 5)
    monkeypatch.setattr(bulk, "BATCH", 2)
    rewrite, done = bulk.rewrite, 0

    async def interrupted(*arguments: Any) -> int:
        nonlocal done
        if done == 2:
            raise ConnectionResetError
        done += await rewrite(*arguments)
        return done

    with monkeypatch.context() as patch:
        patch.setattr(bulk, "rewrite", interrupted)
        with pytest.raises(ConnectionResetError):
            await mine.rename("a", "b")
    assert await stored(pg) == [["b"], ["b"], ["a"], ["a"], ["a"]]
    assert await mine.rename("a", "b") == Tag("b", 5)
    assert await stored(pg) == [["b"]] * 5
    assert await pg.fetchval("SELECT max(version) FROM contacts") == 2
