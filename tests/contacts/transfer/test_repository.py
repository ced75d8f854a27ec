"""The statements of an import see one owner, and ask each name of the index alone."""

import re
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts import bulk
from contactsvc.contacts.columns import of_new
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer import repository
from contactsvc.contacts.transfer.copied import NewRow, values_of
from contactsvc.contacts.transfer.matching import NameRange, name_range
from contactsvc.contacts.transfer.service import Importer, ImportOptions
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Conflict, QuotaExceeded, Unauthenticated
from contactsvc.platform.storage.pictures import Pictures
from tests.contacts.transfer.support import read
from tests.support.rows import statements

ADA = {"first_name": "Ada", "email": "ada@example.com", "phone": "112", "uid": "u1"}


async def candidates(
    owner: int, uids: list[str], names: list[NameRange]
) -> list[repository.Candidate]:
    async with transaction():
        found = repository.candidates(owner, uids, names)
        return [each async for part in found for each in part]


def new_rows(*contacts: dict[str, str]) -> list[NewRow]:
    return rows_of([of_new(each, None) for each in contacts])


def rows_of(columns: list[dict[str, Any]]) -> list[NewRow]:
    return [NewRow(each["uid"], each["card_name"], values_of(each)) for each in columns]


async def test_of_very_many_of_one_name_some_are_looked_at(owner: int) -> None:
    """What an import has in memory does not grow with a book that is full of one name."""
    count = repository.MOST_OF_A_NAME + 100
    ada = name_range(of_new(ADA, None))
    async with transaction():
        rows = new_rows(*({**ADA, "uid": f"u{number}"} for number in range(count)))
        await repository.insert(owner, rows, count, now())

        parts = [part async for part in repository.candidates(owner, [], [ada])]

    assert sum(map(len, parts)) == repository.MOST_OF_A_NAME
    assert max(map(len, parts)) <= repository.CANDIDATES


async def test_candidates_are_the_owners(
    contacts: ContactRepository, foreign: ContactRepository, owner: int
) -> None:
    for book in (contacts, foreign):
        made, _ = await book.create(ADA)
        await book.create({"first_name": "Bob", "uid": "u2"})
    ada, _ = await contacts.create({"first_name": "ada"})

    found = await candidates(owner, ["u2"], [name_range(of_new(ADA, None))])

    assert made["id"] not in {each.id for each in found}
    assert {(each.uid, bool(each.letters)) for each in found} == {
        ("u1", True),
        ("u2", False),
        (ada["uid"], True),
    }
    (first,) = (each for each in found if each.uid == "u1")
    assert [entry["value"] for entry in (*first.emails, *first.phones)] == [
        "ada@example.com",
        "112",
    ]
    assert await candidates(owner, [], []) == []


async def test_many_candidates_come_a_few_at_a_time(
    contacts: ContactRepository, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One name may be that of a thousand, and a batch has many names."""
    monkeypatch.setattr(repository, "CANDIDATES", 2)
    ids = [(await contacts.create({"first_name": "Ada"}))[0]["id"] for _ in range(5)]
    names = [name_range(of_new(ADA, None))]
    async with transaction():
        parts = [part async for part in repository.candidates(owner, [], names)]
    assert [len(part) for part in parts] == [2, 2, 1]
    assert [each.id for part in parts for each in part] == ids


async def test_a_batch_is_four_statements_however_many_they_are(
    contacts: ContactRepository, owner: int
) -> None:
    await contacts.create({"first_name": "Zoe"})
    added = new_rows(*({"first_name": f"A{n}"} for n in range(20)))
    async with transaction():
        with statements() as sent:
            ids = await repository.insert(owner, added, 21, now())
    assert len(sent) == 4
    rows = await bulk.rows(owner, ids)
    assert [rows[each]["first_name"] for each in ids] == [f"A{n}" for n in range(20)]


async def test_what_is_not_allowed_is_told(contacts: ContactRepository, owner: int) -> None:
    await contacts.create(ADA)
    both = new_rows(*({"first_name": "Bob", "uid": uid} for uid in ("u1", "u2")))
    with pytest.raises(Conflict):
        await repository.insert(owner, both, 3, now())
    with pytest.raises(QuotaExceeded):
        await repository.insert(owner, both, 2, now())
    with pytest.raises(Unauthenticated):
        await repository.insert(10**9, both, 2, now())


async def test_a_photo_takes_the_place_of_the_one_before(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    made, _ = await contacts.create(ADA)
    for digest, content in (("a", b"1"), ("b", b"2")):
        await repository.set_photos(owner, [(made["id"], digest, content)], now())
    (photo,) = await pg.fetch("SELECT etag, content FROM contact_photos")
    assert tuple(photo) == ("b", b"2")


@pytest.mark.parametrize("count", [50, 1000])
async def test_indexes_are_asked_whatever_the_statistics_say(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, count: int
) -> None:
    """A plan that is made while the book has a few contacts is kept while it is filled.

    As the planner knows it, each owner has one contact, and any index that begins with the owner is
    as good. All of it is one transaction, as an import is, so autovacuum changes nothing meanwhile.
    """
    await contacts.create(ADA)
    await pg.execute("ANALYZE contacts")
    columns = [of_new({"first_name": f"A{n}"}, None) for n in range(count)]
    ranges = [list(bounds) for bounds in zip(*map(name_range, columns[:250]), strict=True)]
    async with transaction():
        ids = await repository.insert(owner, rows_of(columns), 10_000, now())
        await bulk.take_order_from_indexes()
        uids = [each["uid"] for each in columns[:250]]
        asked = await plan(repository._CANDIDATES, [owner, uids, *ranges])
        by_id = await plan(bulk._FIRST_ROWS, [owner, ids[:50]])
        compiled = await current_client().fetch("SHOW jit", [])
    assert scans(asked) == ["idx_contacts_uid", "idx_contacts_by_last_name"]
    assert scans(by_id) == ["contacts_pkey"]
    assert [tuple(each) for each in compiled] == [("off",)]
    assert "Filter" not in asked
    assert by_id.count("Filter") == by_id.count("Filter: (counted.bytes_before") == 1


async def test_an_import_asks_nothing_before_the_order_is_that_of_indexes(owner: int) -> None:
    pictures = Pictures()
    importer = Importer(owner, 100, pictures, Caller(), None)
    with statements() as sent:
        await importer.run(iter([read(first_name="Ada")]), ImportOptions())
    pictures.close()
    queries = [query for query, _ in sent]
    assert queries.index(bulk._IN_ORDER[0]) < queries.index(repository._CANDIDATES)


async def plan(query: str, values: list[Any]) -> str:
    return "\n".join(line for (line,) in await current_client().fetch(f"EXPLAIN {query}", values))


def scans(plan: str) -> list[str]:
    """Return how the contacts are read: the indexes, or ``Seq Scan``."""
    return re.findall(r"(?<=Scan using )\w+|(?:Seq|Bitmap \w+) Scan", plan)
