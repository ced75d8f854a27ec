"""Keyset pages: every order, ties, and others who write between two pages."""

from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.model import Contact
from contactsvc.contacts.orders import SORTS
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import READ, ContactRow, public
from contactsvc.platform.database.keysets import Keyset, Page
from tests.support.rows import as_client_brings_it, as_read, statements

EVERY_SORT = [sign + sort for sort in SORTS for sign in ("", "-")]
EVERYTHING = ContactFilter()


async def read_all(
    contacts: ContactRepository, sort: str, limit: int, wanted: ContactFilter = EVERYTHING
) -> list[ContactRow]:
    """Go through all pages and return the rows."""
    rows: list[ContactRow] = []
    position: list[Any] | None = None
    while True:
        page = await contacts.page(wanted, sort, limit, position)
        assert page.rows or position is None, "a client was sent for nothing"
        rows += page.rows
        if page.next_position is None:
            return rows
        assert len(page.rows) == limit
        position = as_client_brings_it(page.next_position)


@pytest.fixture
async def twelve(contacts: ContactRepository, owner: int, pg: asyncpg.Connection) -> list[int]:
    """Insert contacts of whom many share names and times, and return their ids."""
    ids = []
    for last_name in ("Zuse", "Åberg", "aberg", ""):
        for first_name in ("Konrad", "Ada", "ÄDA"):
            row, _ = await contacts.create({"first_name": first_name, "last_name": last_name})
            ids.append(row["id"])
    await pg.execute(
        "UPDATE contacts SET created_at = timestamptz '2026-01-01 00:00:00.000001Z'"
        " + id % 3 * interval '1 microsecond',"
        " updated_at = timestamptz '2026-01-01' + id % 2 * interval '1 day'"
    )
    return ids


async def in_order(pg: asyncpg.Connection, sort: str) -> list[int]:
    """Return the ids as PostgreSQL sorts them by itself."""
    way = " DESC" if sort.startswith("-") else ""
    columns = ", ".join(column + way for column in SORTS[sort.removeprefix("-")])
    return [row["id"] for row in await pg.fetch(f"SELECT id FROM contacts ORDER BY {columns}")]


@pytest.mark.slow
async def test_pages_hold_all_rows_in_order(
    contacts: ContactRepository,
    twelve: list[int],
    pg: asyncpg.Connection,
    subtests: pytest.Subtests,
) -> None:
    for limit in [1, 2, 5, 11, 12, 13]:
        for sort in EVERY_SORT:
            with subtests.test(limit=limit, sort=sort):
                rows = await read_all(contacts, sort, limit)
                assert [row["id"] for row in rows] == await in_order(pg, sort)


@pytest.mark.parametrize("sort", EVERY_SORT)
async def test_pages_whose_sql_is_kept_are_those_of_the_orm(
    contacts: ContactRepository, owner: int, twelve: list[int], sort: str
) -> None:
    order = Keyset(SORTS[sort.removeprefix("-")], descending=sort.startswith("-"))
    position: list[Any] | None = None
    for number in (1, 2, 3):
        with statements() as by_the_orm:
            expected = await order.page(Contact.filter(owner_id=owner), READ, 5, position)
        with statements() as sent:
            page = await contacts.page(EVERYTHING, sort, 5, position)
        assert sent == by_the_orm != []
        shown = Page([public(row, owner) for row in expected.rows], expected.next_position)
        assert as_json(page) == as_json(shown)
        assert (page.next_position is None) == (number == 3)
        position = as_client_brings_it(page.next_position)


def as_json(page: Page[Any]) -> bytes:
    """Return what a client gets, in which the order of columns counts."""
    rows = [as_read(row) for row in page.rows]
    return bytes(orjson.dumps([rows, page.next_position], option=orjson.OPT_UTC_Z))


async def test_case_and_accents_do_not_count_in_the_order(
    contacts: ContactRepository, twelve: list[int]
) -> None:
    rows = await read_all(contacts, "last_name", 5)
    names = [row["last_name"] for row in rows]
    assert names[:3] == ["", "", ""]
    assert set(names[3:9]) == {"Åberg", "aberg"}
    assert [row["first_name"] for row in rows[3:7]] == ["Ada", "ÄDA", "Ada", "ÄDA"]
    assert names[9:] == ["Zuse", "Zuse", "Zuse"]


@pytest.mark.parametrize("sort", EVERY_SORT)
async def test_filtered_pages_hold_what_matches(
    contacts: ContactRepository, twelve: list[int], pg: asyncpg.Connection, sort: str
) -> None:
    rows = await read_all(contacts, sort, 2, ContactFilter(q="ada", last_name="aberg"))
    matching = {row["id"] for row in rows}
    assert len(rows) == len(matching) == 4
    assert [row["id"] for row in rows] == [i for i in await in_order(pg, sort) if i in matching]


@pytest.mark.parametrize("sort", EVERY_SORT)
async def test_rows_that_come_and_go_double_and_hide_no_other(
    contacts: ContactRepository, twelve: list[int], pg: asyncpg.Connection, sort: str
) -> None:
    order = await in_order(pg, sort)
    seen: list[int] = []
    position: list[Any] | None = None
    while True:
        page = await contacts.page(EVERYTHING, sort, 3, position)
        seen += [row["id"] for row in page.rows]
        if page.next_position is None:
            break
        position = as_client_brings_it(page.next_position)
        # The very row that the cursor stands on goes, and a new one comes at either end.
        await contacts.delete(seen[-1])
        await contacts.create({"first_name": "!", "last_name": "!"})
        await contacts.create({"first_name": "zzz", "last_name": "zzz"})
        assert len(seen) < 100
    assert len(seen) == len(set(seen))
    assert [contact_id for contact_id in seen if contact_id in set(order)] == order


async def test_a_page_tells_nothing_but_the_public_columns(
    contacts: ContactRepository, twelve: list[int]
) -> None:
    whole, _ = await contacts.get(twelve[0])
    for sort in EVERY_SORT:
        page = await contacts.page(EVERYTHING, sort, 5)
        assert all(row.keys() == whole.keys() for row in page.rows)


@pytest.mark.parametrize("sort", EVERY_SORT)
async def test_an_empty_book_is_one_empty_page(contacts: ContactRepository, sort: str) -> None:
    page = await contacts.page(EVERYTHING, sort, 1)
    assert (page.rows, page.next_position) == ([], None)


async def test_somebody_elses_rows_stand_on_no_page(
    contacts: ContactRepository, foreign: ContactRepository, twelve: list[int]
) -> None:
    for _ in range(3):
        await foreign.create({"first_name": "Ada", "last_name": "aberg"})
    assert {row["id"] for row in await read_all(contacts, "last_name", 2)} == set(twelve)
