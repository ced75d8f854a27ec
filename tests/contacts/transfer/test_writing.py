"""Others wait for the statements of an import, and what they have written is seen by it."""

import asyncio

import asyncpg
import orjson
import pytest

from contactsvc.contacts import bulk
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer import spool as spooling
from contactsvc.contacts.transfer import writing
from contactsvc.contacts.transfer.content_lines import MAX_EXTRA
from contactsvc.contacts.transfer.prepared import Photo, prepared
from contactsvc.contacts.transfer.records import ReadContact
from contactsvc.contacts.transfer.rules import FittedContact, fitted
from contactsvc.contacts.transfer.spool import Ready, Spool
from contactsvc.contacts.transfer.writing import OnDuplicate, Writer
from contactsvc.platform.database.transactions import transaction
from tests.contacts.transfer.support import read
from tests.support.locks import until_locks_wait
from tests.support.rows import statements


def ready(contact: ReadContact, photo: Photo | None = None) -> Ready:
    made = fitted(contact)
    assert isinstance(made, FittedContact)
    each = prepared(made, None)._replace(photo=photo)
    each.columns["photo"] = photo and photo.digest
    return spooling.ready(each, is_merged=True)


@pytest.mark.parametrize("how", list(OnDuplicate))
async def test_a_contact_of_several_in_the_file_is_written_once(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, how: OnDuplicate
) -> None:
    await contacts.create({"first_name": "Ada", "uid": "u"})
    spool = Spool()
    writer = Writer(owner, None, 100, how, spool)
    async with transaction():
        for notes in ("a", "b", "b"):
            same = read(uid="u", first_name="Ada", notes=notes)
            await writer.write([ready(same), ready(same)])
    spool.close()
    written = writer.written
    told = (written.created, written.updated, written.skipped)
    rows = await pg.fetch("SELECT notes, version FROM contacts ORDER BY id")
    if how is OnDuplicate.CREATE:
        assert (told, len(rows)) == ((6, 0, 0), 7)
    elif how is OnDuplicate.UPDATE:
        assert told == (0, 2, 4)
        assert [tuple(row) for row in rows] == [("b", 3)]
    else:
        assert (told, [tuple(row) for row in rows]) == ((0, 0, 6), [("", 1)])


async def test_contacts_that_are_there_are_changed_a_few_at_a_time(
    contacts: ContactRepository, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each may have half a megabyte of content lines, however little the file has of it."""
    monkeypatch.setattr(writing, "CHANGED", 2)
    spool = Spool()
    writer = Writer(owner, None, 100, OnDuplicate.UPDATE, spool)
    uids = [f"u{n}" for n in range(5)]
    ids = [(await contacts.create({"first_name": "Ada", "uid": uid}))[0]["id"] for uid in uids]
    async with transaction():
        with statements() as sent:
            await writer.write([ready(read(uid=uid, first_name="A", notes="x")) for uid in uids])
    spool.close()
    assert writer.written.updated == 5
    assert [values[1] for query, values in sent if query == bulk._FIRST_ROWS] == [
        ids[:2],
        ids[2:4],
        ids[4:],
    ]


async def test_a_photo_is_the_one_that_its_contact_names(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    spool = Spool()
    writer = Writer(owner, None, 100, OnDuplicate.UPDATE, spool)
    ada = read(uid="u", first_name="Ada")
    drawn = ready(ada, Photo("original", "drawn", *spool.add_photo(b"1")))
    again = ready(ada, Photo("drawn", "drawn again", *spool.add_photo(b"2")))
    async with transaction():
        await writer.write([drawn, again])
    spool.close()
    assert await pg.fetchval("SELECT photo FROM contacts") == "drawn"
    assert tuple(await pg.fetchrow("SELECT etag, content FROM contact_photos")) == ("drawn", b"1")


async def test_a_contact_whose_lines_have_no_room_is_named(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    first, second = (f"{name}:" + "a" * (MAX_EXTRA - 100) for name in ("X-A", "X-B"))
    spool = Spool()
    writer = Writer(owner, None, 100, OnDuplicate.UPDATE, spool)
    async with transaction():
        await writer.write([ready(read(uid="u", first_name="Ada", extra=[first]))])
        again = read(7, uid="u", notes="x", extra=[second, "X-C:c"])
        await writer.write([ready(again)])
    spool.close()
    assert [(warning.line, warning.detail) for warning in writer.written.warnings.first] == [
        (7, "There is room for 524288 characters that have no field: lines left out: 1.")
    ]
    assert orjson.loads(await pg.fetchval("SELECT extra FROM contacts")) == [first, "X-C:c"]


@pytest.mark.slow
async def test_contacts_with_many_lines_are_all_changed(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    lines = [f"X-A:{'a' * (MAX_EXTRA - 10)}"]
    names = [f"Ada {number}" for number in range(10)]
    spool = Spool()
    writer = Writer(owner, None, 100, OnDuplicate.UPDATE, spool)
    async with transaction():
        await writer.write([ready(read(uid=name, first_name=name, extra=lines)) for name in names])
        await writer.write([ready(read(uid=name, notes="x")) for name in names])
    spool.close()
    assert (writer.written.created, writer.written.updated) == (10, 10)
    rows = await pg.fetch("SELECT first_name FROM contacts WHERE notes = 'x' ORDER BY id")
    assert [row["first_name"] for row in rows] == names


async def test_another_writer_of_the_book_comes_after(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    await contacts.create({"first_name": "Zoe"})
    spool = Spool()
    writer = Writer(owner, None, 100, OnDuplicate.SKIP, spool)
    async with transaction():
        await writer.write([ready(read(first_name="Ada"))])
        other = asyncio.ensure_future(contacts.create({"first_name": "Bob"}))
        await until_locks_wait(pg)
        await writer.write([ready(read(first_name="Cleo"))])
    await other
    spool.close()
    rows = await pg.fetch("SELECT first_name FROM contacts ORDER BY seq")
    assert [row["first_name"] for row in rows] == ["Zoe", "Ada", "Cleo", "Bob"]
