"""Photos in the database: of one owner, and never without their contact."""

import asyncpg
import orjson
import pytest
from tortoise.exceptions import OperationalError

from contactsvc.contacts.photos import repository
from contactsvc.contacts.photos.repository import PhotoRepository, remove
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import PUBLIC
from contactsvc.platform.errors import NotFound, PreconditionFailed, Unauthenticated

EVERYTHING = "SELECT photo, etag, version FROM contacts FULL JOIN contact_photos ON contact_id = id"


def anything(_: str | None) -> bool:
    return True


def nothing(_: str | None) -> bool:
    return False


async def test_a_photo_that_is_known_is_not_read(contacts: ContactRepository, owner: int) -> None:
    photos, (ada, _) = PhotoRepository(owner), await contacts.create({"first_name": "Ada"})
    await photos.put(ada["id"], b"a picture", anything)

    photo = await photos.get(ada["id"])

    assert (photo.media_type, photo.content) == ("image/jpeg", b"a picture")
    assert (await photos.get(ada["id"], [photo.digest])).content is None
    assert (await photos.get(ada["id"], ["*"])).content is None
    assert (await photos.get(ada["id"], ["0" * 32])).content == b"a picture"


async def test_what_the_contact_does_not_name_is_not_shown(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    photos, (ada, _) = PhotoRepository(owner), await contacts.create({"first_name": "Ada"})
    await photos.put(ada["id"], b"a picture", anything)
    await pg.execute("UPDATE contacts SET photo = NULL")

    with pytest.raises(NotFound):
        await photos.get(ada["id"])


async def test_what_is_not_admitted_changes_nothing(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    photos, (ada, _) = PhotoRepository(owner), await contacts.create({"first_name": "Ada"})
    await photos.put(ada["id"], b"a picture", anything)
    before = await pg.fetch(EVERYTHING)

    with pytest.raises(PreconditionFailed):
        await photos.check(ada["id"], nothing)
    with pytest.raises(PreconditionFailed):
        await photos.put(ada["id"], b"another", nothing)
    with pytest.raises(PreconditionFailed):
        await photos.delete(ada["id"], nothing)

    assert await pg.fetch(EVERYTHING) == before


async def test_an_owner_who_is_gone_is_not_signed_in(owner: int) -> None:
    with pytest.raises(Unauthenticated):
        await PhotoRepository(owner + 1).put(1, b"a picture", anything)


async def test_a_contact_of_an_older_release_gets_its_columns_too(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    photos, (ada, _) = PhotoRepository(owner), await contacts.create({"first_name": "Ada"})
    await pg.execute("UPDATE contacts SET derived_version = NULL, uid = NULL, details = NULL")
    before, _ = await contacts.get(ada["id"])

    await photos.put(ada["id"], b"a picture", anything)

    after, version = await contacts.get(ada["id"])
    assert version == 2
    assert after["photo"]
    assert orjson.loads(after["details"]) == orjson.loads(before["details"])
    for name in PUBLIC:
        if name not in ("photo", "details", "updated_at"):
            assert after[name] == before[name]  # type: ignore[literal-required]
    assert await pg.fetchval("SELECT derived_version FROM contacts") == 2


async def test_only_those_of_the_owner_are_removed(
    contacts: ContactRepository, foreign: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    photos, (ada, _) = PhotoRepository(owner), await contacts.create({"first_name": "Ada"})
    await photos.put(ada["id"], b"a picture", anything)

    await remove(owner + 1, [ada["id"]])
    await remove(owner, [])
    assert await pg.fetchval("SELECT count(*) FROM contact_photos") == 1
    await remove(owner, [ada["id"], 999])
    assert await pg.fetchval("SELECT count(*) FROM contact_photos") == 0


async def test_either_both_are_written_or_nothing(
    contacts: ContactRepository,
    owner: int,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    photos = PhotoRepository(owner)
    ada, _ = await contacts.create({"first_name": "Ada"})
    await photos.put(ada["id"], b"a picture", lambda _: True)
    before = await pg.fetch(EVERYTHING)

    monkeypatch.setattr(repository, "KEEP", f"{repository.KEEP} RETURNING 1 / 0")
    with pytest.raises(OperationalError, match="division by zero"):
        await photos.put(ada["id"], b"another", lambda _: True)

    assert await pg.fetch(EVERYTHING) == before
