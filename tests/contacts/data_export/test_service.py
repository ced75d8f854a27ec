"""The archive costs the memory of a page, however much is in it."""

import tracemalloc
from pathlib import Path
from typing import cast

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.app_passwords.service import AppPasswords
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.data_export.service import DataExport
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.database.keysets import Page
from contactsvc.platform.storage.folder import FolderStore
from tests.support.services import ignore

COPY = """
    INSERT INTO contacts (uid, {names})
    SELECT gen_random_uuid()::text, {names} FROM contacts, generate_series(1, {number})
"""
NOTES = """
    UPDATE contacts SET notes =
        (SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 30) WHERE id > 0)
"""
"""Random, or next to nothing would be left when they are compressed."""
PHOTOS = """
    INSERT INTO contact_photos (contact_id, etag, media_type, content, created_at, owner_id)
    SELECT n, 'x', 'image/jpeg', decode(repeat('ab', 60000), 'hex'), now(), $1
    FROM generate_series(1, {number}) n
"""

TRASH = """
    INSERT INTO deleted_contacts (owner_id, id, uid, seq, deleted_at, contact)
    SELECT owner_id, id + n, gen_random_uuid()::text, seq, deleted_at,
        contact || jsonb_build_object('notes', {notes})
    FROM (SELECT * FROM deleted_contacts LIMIT 1) AS one, generate_series({since}, {number}) AS n
"""
VERSIONS = """
    INSERT INTO contact_versions (owner_id, contact_id, version, at, by, replaced_at, contact)
    SELECT owner_id, contact_id + n / 20, 100 + n % 20, at, by, replaced_at,
        contact || jsonb_build_object('notes', {notes})
    FROM (SELECT * FROM contact_versions LIMIT 1) AS one, generate_series({since}, {number}) AS n
"""
RANDOM = "(SELECT string_agg(md5(random()::text), '') FROM generate_series(1, 100) WHERE n > 0)"


class _NoSessions:
    async def history(self, *_: object) -> Page[object]:
        return Page([], None)


@pytest.fixture
async def user(contacts: ContactRepository, owner: int) -> CurrentUser:
    """Somebody with one contact, which has a note of 1,000 characters."""
    await contacts.create({"first_name": "Ada", "notes": "x" * 1000})
    return await UserRepository(ignore, address_books).get(owner)


def export_of(user: CurrentUser, folder: Path) -> DataExport:
    return DataExport(
        user=user,
        account={},
        sessions=cast(Sessions, _NoSessions()),
        app_passwords=AppPasswords(
            UserRepository(ignore, address_books), AppPasswordRepository(ignore)
        ),
        base_url="",
        avatars=FolderStore(folder),
    )


async def peak(export: DataExport) -> int:
    """Return the bytes that an archive takes at the most, when nobody keeps it."""
    tracemalloc.start()
    try:
        async for _ in export.archive():
            pass
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


async def add(pg: asyncpg.Connection, user: CurrentUser, number: int) -> None:
    columns = await pg.fetch(
        "SELECT string_agg(format('%I', column_name), ', ') FROM information_schema.columns"
        " WHERE table_name = 'contacts' AND column_name NOT IN ('id', 'uid')"
    )
    one = COPY.replace("FROM contacts", "FROM (SELECT * FROM contacts LIMIT 1) one")
    await pg.execute(one.format(names=columns[0][0], number=number))
    await pg.execute(NOTES)
    await pg.execute("DELETE FROM contact_photos")
    await pg.execute(PHOTOS.format(number=number // 10), user.id)


@pytest.mark.slow
async def test_ten_times_as_much_takes_hardly_more_memory(
    user: CurrentUser, pg: asyncpg.Connection, tmp_path: Path
) -> None:
    export = export_of(user, tmp_path)
    await add(pg, user, 500)
    little = await peak(export)

    await add(pg, user, 4_500)
    much = await peak(export)

    assert much < 2 * little, f"{little:,} bytes, then {much:,}"


@pytest.mark.slow
async def test_so_do_ten_times_as_many_in_the_trash_and_versions(
    user: CurrentUser, contacts: ContactRepository, pg: asyncpg.Connection, tmp_path: Path
) -> None:
    made, _ = await contacts.create({"first_name": "Bob"})
    await contacts.change(made["id"], {"notes": "changed"})
    await contacts.delete(made["id"])
    sizes = []
    for since, number in ((1, 400), (401, 4000)):
        for more in (TRASH, VERSIONS):
            await pg.execute(more.format(since=since, number=number, notes=RANDOM))
        sizes.append(await peak(export_of(user, tmp_path)))

    little, much = sizes
    assert much < 1.5 * little, f"{little:,} bytes, then {much:,}"


async def test_an_archive_that_nobody_reads_to_its_end_leaves_nothing_open(
    user: CurrentUser, pg: asyncpg.Connection, tmp_path: Path
) -> None:
    await add(pg, user, 300)
    for pieces in (1, 2, 3, 4, 8):
        archive = export_of(user, tmp_path).archive()
        for _ in range(pieces):
            await anext(archive)
        await archive.aclose()  # type: ignore[attr-defined]  # it is a generator
