"""Contacts are exported page by page, each once, with their photos."""

import asyncpg
import pytest

from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.photos.repository import PhotoRepository
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.exports import repository
from contactsvc.platform.errors import NotFound


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
