"""A quota is exact: for those who add at once, and whatever an older release has written."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import ContactRow
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import NotFound, QuotaExceeded, Unauthenticated
from tests.support.locks import race, waiting
from tests.support.rows import as_read
from tests.support.waiting import PATIENCE

BOOK = "SELECT FROM address_books FOR UPDATE"
ADA = {"first_name": "Ada"}
MOST = 3


@pytest.fixture
def small(owner: int) -> ContactRepository:
    """The empty address book of the owner, with room for few."""
    return ContactRepository(owner, max_contacts=MOST)


async def counts(pg: asyncpg.Connection) -> tuple[int, int]:
    """Return how many contacts the books say there are, and how many there are."""
    said = await pg.fetchval("SELECT sum(contacts) FROM address_books")
    return said, await pg.fetchval("SELECT count(*) FROM contacts")


async def test_of_those_who_add_the_last_contact_at_once_one_does(
    small: ContactRepository, pg: asyncpg.Connection, postgres_url: str
) -> None:
    for _ in range(MOST - 1):
        await small.create(ADA)

    async def add_by_itself() -> object:
        async with transaction():  # as another process would, it does not wait with the others
            return await small.create(ADA)

    outcomes = await race(pg, postgres_url, BOOK, *(add_by_itself() for _ in range(4)))
    assert [isinstance(outcome, QuotaExceeded) for outcome in outcomes].count(True) == 3, outcomes
    assert await counts(pg) == (MOST, MOST)


async def test_many_first_contacts_at_once_are_counted(
    small: ContactRepository, pg: asyncpg.Connection
) -> None:
    outcomes = await asyncio.gather(*(small.create(ADA) for _ in range(8)), return_exceptions=True)
    assert sum(isinstance(outcome, QuotaExceeded) for outcome in outcomes) == 8 - MOST
    assert await counts(pg) == (MOST, MOST)


async def test_of_many_who_add_at_once_each_gets_their_own(
    contacts: ContactRepository, pg: asyncpg.Connection, postgres_url: str
) -> None:
    await contacts.create(ADA)
    adding = [contacts.create({"first_name": f"Ada {n}", "notes": f"{n}"}) for n in range(6)]

    async def all_at_once() -> list[tuple[ContactRow, int]]:
        return await asyncio.gather(*adding)

    # PostgreSQL sees one who waits: the others wait for it in this process.
    async with asyncio.timeout(PATIENCE):
        [added] = await race(pg, postgres_url, BOOK, all_at_once())
    for number, (row, version) in enumerate(added):
        assert (row["first_name"], row["notes"]) == (f"Ada {number}", f"{number}")
        found, its_version = await contacts.get(row["id"])
        assert (as_read(found), its_version) == (as_read(row), version)
    assert await counts(pg) == (7, 7)


async def test_room_is_made_by_deleting(
    small: ContactRepository, foreign: ContactRepository, pg: asyncpg.Connection
) -> None:
    ids = [(await small.create(ADA))[0]["id"] for _ in range(MOST)]
    await foreign.create(ADA)
    for _ in range(2):
        with pytest.raises(QuotaExceeded):
            await small.create(ADA)
    assert (await small.change(ids[0], {"notes": "changed"}))[1] == 2, "what is there may change"
    with pytest.raises(NotFound):
        await small.delete(ids[-1] + 1000)
    with pytest.raises(QuotaExceeded):
        await small.create(ADA)
    await small.delete(ids[0])
    await small.create(ADA)
    with pytest.raises(QuotaExceeded):
        await small.create(ADA)
    assert await counts(pg) == (MOST + 1, MOST + 1)


async def test_a_count_that_an_older_release_has_made_wrong_refuses_nobody(
    small: ContactRepository, pg: asyncpg.Connection
) -> None:
    for _ in range(MOST):
        await small.create(ADA)
    await pg.execute("DELETE FROM contacts")  # it counts nothing
    await small.create(ADA)
    assert await counts(pg) == (1, 1)


async def test_contacts_that_were_there_before_anybody_counted(
    small: ContactRepository, pg: asyncpg.Connection
) -> None:
    for _ in range(MOST):
        await small.create(ADA)
    await pg.execute("DELETE FROM address_books")
    with pytest.raises(QuotaExceeded):
        await small.create(ADA)
    assert await counts(pg) == (MOST, MOST)


async def test_a_recount_waits_for_who_is_adding(
    small: ContactRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    await small.create(ADA)
    adding = (
        "UPDATE address_books SET contacts = NULL; INSERT INTO contacts (owner_id, first_name,"
        " last_name, notes, first_name_key, last_name_key, version, created_at, updated_at)"
        f" VALUES ({owner}, '', '', '', '', '', 1, now(), now())"
    )
    assert await race(pg, postgres_url, adding, address_books.recount(owner)) == [2]


async def test_there_is_no_book_of_nobody(owner: int) -> None:
    for write in (address_books.lock, address_books.recount):
        with pytest.raises(Unauthenticated):
            async with transaction():
                await write(owner + 1)
    nobody = ContactRepository(owner + 1)
    for use in (nobody.create(ADA), nobody.delete(1)):
        with pytest.raises(Unauthenticated):
            await use


async def test_an_account_is_deleted_while_contacts_are_added(
    small: ContactRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Who adds locks the book and then looks for the user; so must the deletion, in that order."""

    async def hook(user_id: int, version: int) -> None:
        pass

    await small.create(ADA)
    deletion = UserRepository(hook, address_books).delete(owner)
    holder = await asyncpg.connect(postgres_url)
    try:
        async with holder.transaction():
            await holder.execute(BOOK)
            added = asyncio.ensure_future(small.create(ADA))
            await waiting(pg, [added])
            deleted = asyncio.ensure_future(deletion)
            await waiting(pg, [added, deleted])
        await added
        await deleted
    finally:
        await holder.close()
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 0
    with pytest.raises(Unauthenticated):
        await small.create(ADA)


async def test_many_are_counted_at_once_up_to_the_quota(
    small: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    await small.create(ADA)
    seq = await pg.fetchval("SELECT seq FROM address_books")
    with pytest.raises(QuotaExceeded):
        await address_books.add(owner, 3, MOST)
    assert await address_books.add(owner, 2, MOST) == seq + 1
    row = await pg.fetchrow("SELECT contacts, seq FROM address_books")
    assert tuple(row) == (MOST, seq + 2)
