"""Many write one address book while somebody reads on: not one change is missed."""

import asyncio
import random
from collections import Counter

import asyncpg
import pytest

from tests.conftest import Person
from tests.contacts.changes.support import Copy, listed

pytestmark = pytest.mark.slow

CONTACTS = "/api/contacts/"
WRITERS = 8
CHANGES = 1200


async def add(person: Person, notes: str) -> int:
    return int((await person.add_contact(notes=notes))["id"])


class Pages:
    """Counts the pages that were read, and lets writers wait for the next one."""

    def __init__(self) -> None:
        self._count = 0
        self._read = asyncio.Condition()

    async def read(self) -> None:
        async with self._read:
            self._count += 1
            self._read.notify_all()

    async def next(self) -> None:
        async with self._read:
            wanted = self._count + 1
            await self._read.wait_for(lambda: self._count >= wanted)


async def write(person: Person, number: int, done: Counter[str], pages: Pages) -> None:
    """Make changes of every kind, to contacts that the other writers change, too."""
    choice = random.Random(number)
    for turn in range(CHANGES // WRITERS):
        if turn % 10 == number:
            await pages.next()  # so that some read while the others write
        notes = f"{number}/{turn}"
        contact_id = choice.randrange(1, 60)
        kind = choice.choice(["create", "change", "change", "delete", "restore", "restore"])
        one = f"{CONTACTS}{contact_id}"
        if kind == "create":
            await add(person, notes)
            status = 201
        elif kind == "change":
            status = (await person.patch(one, json={"notes": notes})).status
        elif kind == "delete":
            status = (await person.delete(one)).status
        else:
            status = (await person.post(f"{CONTACTS}trash/{contact_id}/restore")).status
        if status == 404:  # somebody else was faster: so there is another change to be made
            await add(person, notes)
            kind = "create"
        else:
            assert status in (200, 201, 204), (kind, status)
        done[kind] += 1


async def test_a_reader_among_eight_writers_misses_no_change(
    grace: Person, pg: asyncpg.Connection
) -> None:
    for number in range(40):
        await add(grace, f"{number}")
    begun = await pg.fetchval("SELECT seq FROM address_books")
    copy, done, pages = Copy(grace, limit=20), Counter[str](), Pages()
    writers = asyncio.gather(*(write(grace, number, done, pages) for number in range(WRITERS)))
    while not writers.done():
        await copy.page()
        await pages.read()
    await writers
    await copy.follow()

    assert done.total() == CHANGES
    assert min(done.values()) > CHANGES // 20, done
    assert await pg.fetchval("SELECT seq FROM address_books") == begun + CHANGES
    assert copy.contacts == await listed(grace)
    anew = Copy(grace, limit=1000)
    await anew.follow()
    assert anew.contacts == copy.contacts
