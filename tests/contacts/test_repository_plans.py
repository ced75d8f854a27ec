"""How PostgreSQL answers the very statements of the repository in a table with many owners."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date

import asyncpg
import pytest

from contactsvc.contacts import key_renewal
from contactsvc.contacts.birthdays.feed import repository as feed
from contactsvc.contacts.birthdays.service import LeapDay, upcoming
from contactsvc.contacts.duplicates.repository import DuplicateRepository
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.orders import SORTS
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.exports import repository as exports
from contactsvc.platform.database import database
from tests.support.crowded_table import CONTACTS_EACH, FILL, OWNERS, TIES
from tests.support.plans import execute, explain, scans, vacuum
from tests.support.rows import as_client_brings_it, statements

pytestmark = pytest.mark.slow

INDEXES = {
    "last_name": "idx_contacts_by_last_name",
    "first_name": "idx_contacts_by_first_name",
    "created_at": "idx_contacts_by_creation",
    "updated_at": "idx_contacts_by_update",
}
VACUUMED = ("contacts", "dismissed_duplicates")
EVERY_SORT = [sign + sort for sort in SORTS for sign in ("", "-")]


@pytest.fixture(scope="module")
def crowded(postgres_url: str) -> Iterator[int]:
    """Fill the table once for all tests here, and give the id of an owner in its middle."""
    # In the order in which a write takes them, or the two of them might wait for each other.
    tables = "address_books, contacts, users"
    empty = f"TRUNCATE {tables} RESTART IDENTITY CASCADE"
    asyncio.run(execute(postgres_url, empty, FILL))
    asyncio.run(vacuum(postgres_url, *VACUUMED))
    yield OWNERS // 2
    asyncio.run(execute(postgres_url, empty))
    asyncio.run(vacuum(postgres_url, *VACUUMED))


@pytest.fixture
async def connection(crowded: int, postgres_url: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection that leaves the rows where they are, and the ORM beside it."""
    connection = await asyncpg.connect(postgres_url)
    async with database(postgres_url):
        yield connection
    await connection.close()


@pytest.fixture
def contacts(crowded: int, connection: asyncpg.Connection) -> ContactRepository:
    return ContactRepository(crowded)


@pytest.mark.parametrize("sort", EVERY_SORT)
async def test_a_later_page_is_read_off_its_index(
    contacts: ContactRepository, connection: asyncpg.Connection, sort: str
) -> None:
    first = await contacts.page(ContactFilter(), sort, 150)
    after = as_client_brings_it(first.next_position)
    with statements() as sent:
        second = await contacts.page(ContactFilter(), sort, 10, after)
    assert len(second.rows) == 10
    [(query, values)] = sent
    plan = await explain(connection, query, values)
    [scan] = [node for node in plan if "Scan" in node["Node Type"]]
    assert scan["Index Name"] == INDEXES[sort.removeprefix("-")]
    # It begins where the last page ended: rows before it are neither read nor sorted away.
    assert scan["Actual Rows"] == 11
    assert scan.get("Rows Removed by Filter", 0) <= TIES
    assert not [node for node in plan if node["Node Type"] == "Sort"]


@pytest.mark.parametrize("sort", list(SORTS))
async def test_the_first_page_is_read_off_its_index(
    contacts: ContactRepository, connection: asyncpg.Connection, sort: str
) -> None:
    with statements() as sent:
        await contacts.page(ContactFilter(), sort, 10)
    [(query, values)] = sent
    [scan] = await scans(connection, query, values)
    assert scan["Index Name"] == INDEXES[sort]
    assert scan["Actual Rows"] == 11


async def test_one_contact_is_read_by_the_key(
    contacts: ContactRepository, connection: asyncpg.Connection
) -> None:
    page = await contacts.page(ContactFilter(), "last_name", 1)
    with statements() as sent:
        await contacts.get(page.rows[0]["id"])
    [(query, values)] = sent
    [scan] = await scans(connection, query, values)
    assert scan["Index Name"] == "contacts_pkey"


@pytest.mark.parametrize(
    ("first", "days"),
    [("2026-05-05", 7), ("2026-12-28", 7), ("2026-02-25", 5), ("2026-05-05", 366)],
)
async def test_birthdays_are_read_off_the_owners_index(
    contacts: ContactRepository, connection: asyncpg.Connection, first: str, days: int
) -> None:
    with statements() as sent:
        window = (contacts, date.fromisoformat(first), days, LeapDay.FEB28)
        page = await upcoming(*window, limit=3)
        await upcoming(*window, limit=3, after=as_client_brings_it(page.next_position))
    assert sent
    for query, values in sent:
        plan = await explain(connection, query, values)
        read = [node for node in plan if "Index Name" in node]
        assert {scan["Index Name"] for scan in read} == {"idx_contacts_owner_birthday_sort"}
        assert all("birthday_md" in scan["Index Cond"] for scan in read)
        by_index = [scan for scan in read if scan["Node Type"] != "Bitmap Heap Scan"]
        assert all("owner_id" in scan["Index Cond"] for scan in by_index)
        # Those of a few days may be read together and sorted, but not those of a year.
        assert all(scan["Actual Rows"] <= 10 for scan in read)


async def test_a_calendar_is_read_off_the_owners_index(
    crowded: int,
    contacts: ContactRepository,
    connection: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(feed, "PAGE", 20)
    with statements() as sent:
        pages = [page async for page in feed.birthdays(crowded)]
    assert len(pages) == CONTACTS_EACH / 20
    for query, values in (sent[0], sent[7]):
        plan = await explain(connection, query, values)
        [read] = [node for node in plan if "Index Name" in node]
        assert read["Index Name"] == "idx_contacts_owner_birthday_sort"
        assert "owner_id" in read["Index Cond"]
        assert "birthday_md" in read["Index Cond"]
        assert read["Actual Rows"] <= 20 + TIES


SEARCHES = {
    "one word": ContactFilter(q="f1"),
    "two words": ContactFilter(q="f1 l2"),
    "a number": ContactFilter(q="1"),
    "the rest of a key": ContactFilter(q="fff"),
    "first name": ContactFilter(first_name="f1"),
    "last name": ContactFilter(last_name="l2"),
    "a tag": ContactFilter(tag=("T1",)),
    "a tag and a word": ContactFilter(q="l2", tag=("t1",)),
    "favourites": ContactFilter(favorite=True),
}


@pytest.mark.parametrize("sort", EVERY_SORT)
async def test_a_search_reads_an_index_alone_and_then_the_rows_of_the_page(
    contacts: ContactRepository,
    connection: asyncpg.Connection,
    sort: str,
    subtests: pytest.Subtests,
) -> None:
    for name, wanted in SEARCHES.items():
        with subtests.test(name), statements() as sent:
            page = await contacts.page(wanted, sort, 3)
            assert len(page.rows) == 3 or name == "the rest of a key"
            if page.next_position is not None:
                after = as_client_brings_it(page.next_position)
                assert (await contacts.page(wanted, sort, 3, after)).rows
            for query, values in sent:
                await check(connection, query, values, INDEXES[sort.removeprefix("-")])


async def check(
    connection: asyncpg.Connection, query: str, values: list[object], index: str
) -> None:
    """Assert that a search is found by an index alone, and that few rows are read or sorted."""
    plan = await explain(connection, query, values)
    scans = {node["Index Name"]: node for node in plan if "Index Name" in node}
    assert not [node for node in plan if node["Node Type"] == "Seq Scan"]
    assert scans.keys() <= {index, "contacts_pkey", "idx_contacts_search_more"}
    assert scans[index]["Node Type"] == "Index Only Scan"
    assert scans[index]["Heap Fetches"] == 0
    assert scans["contacts_pkey"]["Actual Rows"] <= 1, "of each row of the page"
    assert all(node["Actual Rows"] <= 4 for node in plan if node["Node Type"] == "Sort")


AS_IN_A_LARGE_TABLE = """
SET min_parallel_index_scan_size = 0;
SET parallel_setup_cost = 3;
SET parallel_tuple_cost = 0;
"""
"""A hundred thousand contacts are worth several processes, if all of them have to be read."""


async def test_a_search_for_what_few_have_ends_when_the_page_is_full(
    contacts: ContactRepository, connection: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    await connection.execute(AS_IN_A_LARGE_TABLE)
    for wanted in (ContactFilter(q="f7 l7"), ContactFilter(q="f7 l7", favorite=False)):
        with subtests.test(str(wanted)), statements() as sent:
            await contacts.page(wanted, "-last_name", 1)
            [(query, values)] = sent
            plan = await explain(connection, query, values)
            [scan] = [n for n in plan if n.get("Index Name") == INDEXES["last_name"]]
            # Before l7 come l9 and l8, of whom there are ten each.
            assert scan["Actual Rows"] == 2
            assert scan["Rows Removed by Filter"] < 30
            assert not [node for node in plan if "Gather" in node["Node Type"]]


async def test_an_export_of_what_few_have_finds_it_by_an_index_alone(
    connection: asyncpg.Connection, crowded: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(exports, "PAGE", 3)
    with statements() as sent:
        parts = exports.contacts(crowded, ContactFilter(q="f7 l7"), None, with_photos=False)
        assert [len(part) async for part in parts] == [3, 2]
    for query, values in sent:
        plan = await explain(connection, query, values)
        [scan] = [n for n in plan if n.get("Index Name") in INDEXES.values()]
        assert scan["Node Type"] == "Index Only Scan"


async def test_a_search_reads_no_other_owners_rows(
    contacts: ContactRepository, connection: asyncpg.Connection
) -> None:
    with statements() as sent:
        await contacts.page(ContactFilter(q="f1 l2"), "last_name", 10)
        await contacts.count(ContactFilter(q="f1"))
    for query, values in sent:
        read = await scans(connection, query, values)
        removed = sum(scan.get("Rows Removed by Filter", 0) for scan in read)
        assert removed <= CONTACTS_EACH
        assert all(scan["Node Type"] != "Seq Scan" for scan in read)
        by_index = [scan for scan in read if scan["Node Type"] != "Bitmap Heap Scan"]
        assert all("owner_id" in scan["Index Cond"] for scan in by_index)


async def test_matches_are_counted_by_an_index_alone(
    contacts: ContactRepository, connection: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    for name, wanted in SEARCHES.items():
        with subtests.test(name), statements() as sent:
            await contacts.count(wanted)
            [(query, values)] = sent
            plan = await explain(connection, query, values)
            read = {node["Index Name"]: node for node in plan if "Index Name" in node}
            read.pop("idx_contacts_search_more", None)
            assert not [node for node in plan if node["Node Type"] == "Seq Scan"]
            [scan] = read.values()
            assert scan["Node Type"] == "Index Only Scan"
            assert scan["Heap Fetches"] == 0


async def test_duplicates_are_found_by_an_index_alone(
    connection: asyncpg.Connection, crowded: int
) -> None:
    duplicates = DuplicateRepository(crowded)
    with statements() as sent:
        first = await duplicates.groups(3, None)
        await duplicates.groups(3, (first[1].score, first[1].ids))
    assert [len(group.ids) for group in first] == [2] * 3
    for query, values in [each for each in sent if "match_keys" in each[0]]:
        plan = await explain(connection, query, values)
        read = {node["Index Name"]: node for node in plan if "Index Name" in node}
        assert not [node for node in plan if node["Node Type"] == "Seq Scan"]
        scan = read["idx_contacts_by_change"]
        assert scan["Node Type"] == "Index Only Scan"
        assert scan["Heap Fetches"] == 0
        assert scan["Actual Rows"] == CONTACTS_EACH
        dismissed = read.keys() - {"idx_contacts_by_change"}
        assert all("dismissed_duplicates" in name for name in dismissed)
        # Of each group of the page, and not of all hundred and fifty.
        assert all(read[name]["Actual Loops"] <= 3 for name in dismissed)


async def test_what_an_older_release_has_written_is_found_by_an_index_of_its_own(
    connection: asyncpg.Connection, crowded: int
) -> None:
    with statements() as sent:
        assert await key_renewal.renew_contacts(None) == 0
    [(query, values)] = sent
    read = [scan for scan in await scans(connection, query, values) if scan["Actual Loops"]]
    assert [(scan["Index Name"], scan["Actual Rows"]) for scan in read] == [
        ("idx_contacts_stale", 0)
    ]
