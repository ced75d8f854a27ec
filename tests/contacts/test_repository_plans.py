"""How PostgreSQL answers the very statements of the repository in a table with many owners."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import date

import asyncpg
import pytest

from contactsvc.contacts.birthdays.service import LeapDay, upcoming
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import SORTS, ContactRepository
from contactsvc.platform.database import database
from tests.support.plans import execute, explain, scans
from tests.support.rows import as_client_brings_it, statements

OWNERS, CONTACTS_EACH = 100, 300
TIES = 30
"""Contacts of one owner at most that share a name or a time."""
INDEXES = {
    "last_name": "idx_contacts_owner_last_sort",
    "first_name": "idx_contacts_owner_first_sort",
    "created_at": "idx_contacts_owner_created",
    "updated_at": "idx_contacts_owner_updated",
}
FILL = f"""
INSERT INTO users (email, email_key, name, password_hash, role, confirmed, is_active,
                   auth_version, version, created_at)
SELECT n || '@example.com', n || '@example.com', '', '', 'user', true, true, 1, 1, now()
FROM generate_series(1, {OWNERS}) AS n;
INSERT INTO contacts (owner_id, first_name, last_name, first_name_key, last_name_key, notes,
                      first_name_sort, last_name_sort, keys_version,
                      birthday, birthday_md, version, created_at, updated_at)
SELECT owner.id, 'f' || n % 20, 'l' || n % 30, 'f' || n % 20, 'l' || n % 30, '',
       convert_to('f' || n % 20, 'UTF8'), convert_to('l' || n % 30, 'UTF8'), 1,
       to_char(day, '"--"MM-DD'), to_char(day, 'MMDD')::int, 1, moment, moment
FROM users AS owner, generate_series(1, {CONTACTS_EACH}) AS n,
     LATERAL (SELECT date '2001-01-01' + n * 37 % 365 AS day,
                     timestamptz '2026-01-01' + n % 40 * interval '1 hour' AS moment) AS made;
"""


@pytest.fixture(scope="module")
def crowded(postgres_url: str) -> Iterator[int]:
    """Fill the table once for all tests here, and give the id of an owner in its middle."""
    empty = ("TRUNCATE users RESTART IDENTITY CASCADE", "VACUUM ANALYZE contacts")
    asyncio.run(execute(postgres_url, empty[0], FILL, empty[1]))
    yield OWNERS // 2
    asyncio.run(execute(postgres_url, *empty))


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


@pytest.mark.parametrize("sort", [sign + sort for sort in SORTS for sign in ("", "-")])
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
        assert all("owner_id" in scan["Index Cond"] for scan in read)
        # Those of a few days may be read together and sorted, but not those of a year.
        assert all(scan["Actual Rows"] <= 10 for scan in read)


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
