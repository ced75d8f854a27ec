"""An address book of the release that knew one e-mail and one phone: to this one, and back."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.contacts import key_renewal
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.database import database, migrations
from tests.conftest import MakeClient, MakePerson
from tests.platform.database.test_migrations import fingerprint, turned_away
from tests.support.accounts import add_account
from tests.support.locks import until_locks_wait
from tests.support.older_contacts import ADD, COLUMNS, NEW, OLDER, ROOT, back, names
from tests.support.waiting import until

pytestmark = pytest.mark.slow


@pytest.fixture
async def older(empty_database: str) -> AsyncIterator[asyncpg.Connection]:
    """A connection to a database as the release before leaves it, with one user."""
    await migrations.migrate(empty_database)
    assert await back(empty_database, len(NEW)) == NEW[::-1]
    connection = await asyncpg.connect(empty_database)
    await add_account(connection, "ada@example.com")
    yield connection
    await connection.close()


@asynccontextmanager
async def contacts_of(url: str) -> AsyncIterator[ContactRepository]:
    async with database(url):
        yield ContactRepository(1, "GB")


async def test_rows_stay_as_they_are_and_are_seen_whole(
    older: asyncpg.Connection, empty_database: str
) -> None:
    await older.execute(ADD, 1, 3)
    written = f"SELECT xmin, {OLDER} FROM contacts ORDER BY id"
    before = await older.fetch(written)

    assert await migrations.migrate(empty_database) == NEW

    assert await older.fetch(written) == before, "no row is rewritten"
    await older.execute(ADD, 1, 1)  # that release goes on beside this one
    async with contacts_of(empty_database) as contacts:
        page = await contacts.page(ContactFilter(), "created_at", 10)
        assert [row["display_name"] for row in page.rows] == [
            f"Ada {n} Lovelace" for n in (1, 2, 3, 1)
        ]
        assert len({row["uid"] for row in page.rows}) == 4
        lists = orjson.loads(page.rows[0]["details"])
        assert lists["phones"][0]["value"] == "020 7946 0958"
        row, version = await contacts.change(1, {"notes": "new"})
        assert (row["uid"], row["phone"], version) == (page.rows[0]["uid"], "+442079460958", 2)
        await contacts.delete(2)
        assert await key_renewal.renew() == 2
        assert await contacts.count(ContactFilter(q="lovelace 7946 example.com")) == 3
        assert await contacts.count(ContactFilter(first_name="ada 2")) == 0
    trashed = await older.fetchrow("SELECT uid, contact->>'phone_value' FROM deleted_contacts")
    assert tuple(trashed) == (page.rows[1]["uid"], "020 7946 0958")


async def test_who_synchronises_is_told_of_what_an_older_release_writes(
    older: asyncpg.Connection, empty_database: str
) -> None:
    await migrations.migrate(empty_database)
    async with contacts_of(empty_database) as contacts:
        made, _ = await contacts.create({"first_name": "Ada"})
        seq = "SELECT (SELECT seq FROM contacts WHERE id = $1), seq FROM address_books"
        before = await older.fetchrow(seq, made["id"])
        await older.execute("UPDATE contacts SET first_name = 'Bea', version = 2")
        await older.execute(ADD, 1, 1)

        assert await key_renewal.renew() == 2

        changed, book = await older.fetchrow(seq, made["id"])
        assert before[1] < changed < book, "each is a change of its own"
        assert await older.fetchval("SELECT max(seq) FROM contacts") == book
        assert await contacts.count(ContactFilter(q="bea")) == 1


async def test_what_the_older_tables_hold_can_go_back(
    older: asyncpg.Connection, empty_database: str
) -> None:
    await older.execute(ADD, 1, 1)
    before = await fingerprint(empty_database)
    await migrations.migrate(empty_database)
    async with contacts_of(empty_database) as contacts:
        await contacts.create(
            {"first_name": "Bea", "email": "b@example.com", "phone": "020 7946 0123"}
        )
        await contacts.create({"first_name": "Cleo", "phone": "020 7946 0111"})
        gone, _ = await contacts.create({"first_name": "Gone"})
        await contacts.delete(gone["id"])
        await older.execute("UPDATE deleted_contacts SET contact = NULL")  # gone for good
    # The older release changes a number meanwhile.
    await older.execute(
        "UPDATE contacts SET phone = '112', phone_value = '112', phone_e164 = NULL, version = 2"
        " WHERE first_name = 'Cleo'"
    )

    assert await back(empty_database, len(NEW)) == NEW[::-1]

    assert await fingerprint(empty_database) == before
    rows = await older.fetch(
        "SELECT first_name, email, phone, phone_value, phone_e164 FROM contacts ORDER BY id"
    )
    assert [tuple(row) for row in rows] == [
        ("Ada 1", "ada@example.com", "+442079460958", "020 7946 0958", "+442079460958"),
        ("Bea", "b@example.com", "+442079460123", "020 7946 0123", "+442079460123"),
        ("Cleo", None, "112", "112", None),
    ]
    # And forth once more.
    assert await migrations.migrate(empty_database) == NEW


ENTRY = {"value": "a@example.com", "type": None, "label": ""}
LOST: list[dict[str, Any]] = [
    *({name: "x"} for name in ("middle_name", "prefix", "suffix", "nickname")),
    *({name: "x"} for name in ("organization", "department", "title")),
    {"first_name": "", "last_name": "King"},
    {"tags": ["friends"]},
    {"favorite": True},
    {"emails": [ENTRY, ENTRY]},
    {"emails": [ENTRY | {"type": "home"}]},
    {"emails": [ENTRY | {"label": "x"}]},
    {"phones": [{"value": "112", "type": None, "label": ""}] * 2},
    {"phones": [{"value": "112", "type": "fax", "label": ""}]},
    {"urls": [{"value": "https://example.com", "type": None, "label": ""}]},
    {"custom": [{"value": "x", "label": ""}]},
]


async def test_what_they_cannot_hold_is_not_lost(
    empty_database: str, subtests: pytest.Subtests
) -> None:
    await migrations.migrate(empty_database)
    connection = await asyncpg.connect(empty_database)
    await add_account(connection, "ada@example.com")
    later = names(COLUMNS + 2)
    await back(empty_database, len(later))
    before = await fingerprint(empty_database)

    async def refuses() -> None:
        await back(empty_database, len(later))
        rows = await connection.fetch("SELECT * FROM contacts")
        with pytest.raises(asyncpg.RaiseError, match="older tables cannot hold"):
            await back(empty_database)
        assert await fingerprint(empty_database) == before
        assert await connection.fetch("SELECT * FROM contacts") == rows
        assert await migrations.migrate(empty_database) == later, "it is still the newest"

    await migrations.migrate(empty_database)
    for fields in LOST:
        with subtests.test(fields=fields):
            async with contacts_of(empty_database) as contacts:
                await contacts.create({"first_name": "Ada", **fields})
            await refuses()
            await connection.execute("DELETE FROM contacts")
    async with contacts_of(empty_database) as contacts:
        made, _ = await contacts.create({"first_name": "Ada"})
        await contacts.delete(made["id"])
    await refuses()
    await connection.close()


async def test_an_index_that_was_interrupted_is_made_anew(
    older: asyncpg.Connection, empty_database: str
) -> None:
    await older.execute(ADD, 1, 5)
    await migrations.migrate(empty_database)
    whole = await fingerprint(empty_database)
    assert await back(empty_database, len(NEW) - 1) == names(COLUMNS + 1)[::-1]
    await older.execute("UPDATE contacts SET uid = 'twice'")

    with pytest.raises(Exception, match="idx_contacts_uid"):
        await migrations.migrate(empty_database)

    invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid"
    assert await older.fetchval(invalid) == 1
    await older.execute("UPDATE contacts SET uid = id::text")
    assert await migrations.migrate(empty_database) == NEW[1:]
    assert await older.fetchval(invalid) == 0
    assert await fingerprint(empty_database) == whole


async def migrate_beside(url: str, folder: Path) -> str:
    """Run the command in a process of its own and return what it prints."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "contactsvc", "migrate"),
        env={
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "DATABASE_URL": url,
            "SECRET_KEY": "kY3-for-tests-only_0123456789abcdef",
        },
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    printed, _ = await process.communicate()
    assert process.returncode == 0, printed
    return printed.decode()


@pytest.mark.process
async def test_two_at_once_do_not_wait_for_each_other(
    older: asyncpg.Connection, empty_database: str, tmp_path: Path
) -> None:
    """An index made concurrently waits for every statement, also for one that waits for a lock."""
    await older.execute(ADD, 1, 5)
    await migrations.migrate(empty_database)
    assert await back(empty_database, len(NEW) - 1) == names(COLUMNS + 1)[::-1]
    writer = await asyncpg.connect(empty_database)
    async with writer.transaction():
        await writer.execute("UPDATE contacts SET notes = 'y'")
        first = asyncio.ensure_future(migrations.migrate(empty_database))
        await until_locks_wait(older)  # its first index waits for the writer
        second = asyncio.ensure_future(migrate_beside(empty_database, tmp_path))
        await until(lambda: turned_away(older, 1))
        assert not first.done()
        assert not second.done()
    assert await first == NEW[1:]
    assert await second == "Rows whose search keys were made anew: 5.\n"
    await writer.close()


MANY = 20_000


@pytest.mark.process
@pytest.mark.own_app
async def test_many_rows_are_renewed_while_a_client_reads_and_writes(
    older: asyncpg.Connection,
    empty_database: str,
    make_client: MakeClient,
    make_person: MakePerson,
    tmp_path: Path,
) -> None:
    await older.execute(ADD, 1, MANY)
    assert await migrations.migrate(empty_database) == NEW
    client = await make_client(database_url=empty_database)
    ada = await make_person("bea@example.com", client=client, pg=older)
    await older.execute(
        "UPDATE contacts SET owner_id = (SELECT max(id) FROM users) WHERE id % 2 = 0"
    )

    renewal = asyncio.ensure_future(migrate_beside(empty_database, tmp_path))
    rounds = 0
    while not renewal.done():
        rounds += 1
        made = await ada.add_contact(email="new@example.com")
        path = f"/api/contacts/{made['id']}"
        old = f"/api/contacts/{2 * rounds}"
        for response in (
            await ada.get("/api/contacts/"),
            await ada.get("/api/contacts/", params={"q": "new@example"}),
            await ada.get(old),
            await ada.patch(old, json={"notes": "changed"}),
            await ada.patch(path, json={"tags": ["new"]}),
            await ada.delete(path),
        ):
            assert response.status in (200, 204), await response.text()
            await response.read()

    renewed = int((await renewal).partition(": ")[2].rstrip(".\n"))
    assert 0 < renewed <= MANY  # housekeeping renews some, too, where it takes a minute
    stale = "SELECT count(*) FROM contacts WHERE derived_version IS DISTINCT FROM version"
    assert await older.fetchval(stale) == 0
    found = await ada.get("/api/contacts/", params={"q": "lovelace 7946", "include_total": "1"})
    assert (await found.json())["total"] == MANY // 2
    assert await older.fetchval("SELECT count(*) FROM contacts WHERE notes = 'changed'") == rounds
