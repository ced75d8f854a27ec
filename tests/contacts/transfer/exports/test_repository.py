"""Contacts are exported page by page, each once, with their photos."""

import asyncpg
import orjson
import pytest

from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.photos.repository import PhotoRepository
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.exports import repository
from contactsvc.platform.errors import NotFound
from tests.support.rows import statements


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 200])
async def test_each_comes_once_by_its_id(
    contacts: ContactRepository, foreign: ContactRepository, owner: int, number: int
) -> None:
    await foreign.create({"first_name": "Bob"})
    made = [(await contacts.create({"first_name": "Ada"}))[0]["id"] for _ in range(number)]
    for with_photos in (True, False):
        pages = repository.contacts(owner, ContactFilter(), None, with_photos=with_photos)
        assert [each.row["id"] async for page in pages for each in page] == made


async def test_a_contact_has_its_photo_and_lines(
    contacts: ContactRepository, foreign: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    made, _ = await contacts.create({"first_name": "Ada", "uid": "u"})
    await PhotoRepository(owner).put(made["id"], b"picture", lambda _: True)
    await pg.execute("UPDATE contacts SET extra = '[\"X-PET:Rex\"]'")
    one = await repository.one(owner, made["id"])
    assert (one.version, one.photo, one.extra) == (2, b"picture", ["X-PET:Rex"])
    assert (one.fields["uid"], one.fields["emails"]) == ("u", [])
    pages = repository.contacts(owner, ContactFilter(), None, with_photos=True)
    assert [each async for page in pages for each in page] == [one]
    other, _ = await foreign.create({"first_name": "Bob"})
    for contact_id in (other["id"], 10**9):
        with pytest.raises(NotFound):
            await repository.one(owner, contact_id)


async def test_contacts_with_many_lines_come_fewer_at_a_time(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "LINES", 1000)
    ids = [(await contacts.create({"first_name": "Ada"}))[0]["id"] for _ in range(6)]
    for contact_id, length in zip(ids, (400, 400, 400, 5000, 0, 10), strict=True):
        lines = orjson.dumps(["X-A:" + "x" * length]).decode()
        update = "UPDATE contacts SET extra = $2 WHERE id = $1"
        await pg.execute(update, contact_id, lines if length else None)
    with statements() as sent:
        pages = repository.contacts(owner, ContactFilter(), None, with_photos=False)
        parts = [part async for part in pages]
    assert [[each.row["id"] for each in part] for part in parts] == [
        ids[:2],
        ids[2:3],
        ids[3:4],
        ids[4:],
    ]
    lengths = [len("".join(each.extra)) for part in parts for each in part]
    assert lengths == [404, 404, 404, 5004, 0, 14]
    asked = [values[1] for query, values in sent if query == repository._LINES]
    assert asked == [ids[:2], ids[2:3], ids[3:4], ids[5:]]
