"""All that is kept of contacts comes page by page, each once, and of one owner alone."""

from itertools import combinations

import asyncpg
import pytest

from contactsvc.contacts.data_export import repository
from contactsvc.contacts.details import ADDRESS
from contactsvc.contacts.duplicates.repository import DuplicateRepository
from contactsvc.contacts.repository import ContactRepository

PHOTO = "INSERT INTO contact_photos VALUES ($2, 'x', 'image/jpeg', $3, now(), $1)"


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 200, 201])
async def test_contacts_come_by_id_each_once(
    contacts: ContactRepository, foreign: ContactRepository, owner: int, number: int
) -> None:
    await foreign.create({"first_name": "Bob"})
    made = [(await contacts.create({"first_name": "Ada"}))[0]["id"] for _ in range(number)]

    read = [row async for page in repository.contacts(owner) for row in page]

    assert [row["id"] for row in read] == made
    assert all([row == (await contacts.get(row["id"]))[0] for row in read])


@pytest.mark.slow
async def test_pages_of_very_large_contacts_are_shorter(
    contacts: ContactRepository, owner: int
) -> None:
    """Contacts, those in the trash, and versions: the lists of each have some 80 KB."""
    address = dict.fromkeys(ADDRESS, "字" * 200)
    large = {"first_name": "Ada", "addresses": [address] * 20}
    made = [(await contacts.create(large))[0]["id"] for _ in range(60)]
    for contact_id in made:
        await contacts.change(contact_id, {"notes": "changed"})
    pages = [[row["id"] for row in page] async for page in repository.contacts(owner)]
    earlier = [len(page) async for page in repository.versions(owner)]
    for contact_id in made:
        await contacts.delete(contact_id)
    deleted = [len(page) async for page in repository.deleted(owner)]

    assert [contact_id for page in pages for contact_id in page] == made
    assert max(map(len, pages)) < 60
    assert sum(earlier) == sum(deleted) == 60
    assert max(*earlier, *deleted) < 60


async def test_one_that_is_added_meanwhile_does_no_harm(
    contacts: ContactRepository, owner: int
) -> None:
    made = [(await contacts.create({"first_name": "Ada"}))[0]["id"] for _ in range(101)]
    pages = repository.contacts(owner)
    read = [row["id"] for row in await anext(pages)]
    await contacts.delete(made[0])
    last, _ = await contacts.create({"first_name": "Zoe"})

    read += [row["id"] async for page in pages for row in page]

    assert read == [*made, last["id"]]


@pytest.mark.parametrize("number", [0, 1, 99, 100, 101, 200])
async def test_deleted_contacts_come_by_id_each_once(
    contacts: ContactRepository, foreign: ContactRepository, owner: int, number: int
) -> None:
    for book, count in ((foreign, 1), (contacts, number)):
        for _ in range(count):
            await book.delete((await book.create({"first_name": "Ada"}))[0]["id"])

    read = [row async for page in repository.deleted(owner) for row in page]

    assert [row.id for row in read] == [contact_id + 2 for contact_id in range(number)]
    assert {row.contact and row.contact["first_name"] for row in read} <= {"Ada"}


async def test_versions_come_by_contact_and_number_each_once(
    contacts: ContactRepository, foreign: ContactRepository, owner: int
) -> None:
    """Pages end within a contact, too: of each there are as many as are kept."""
    others, _ = await foreign.create({"first_name": "Bob"})
    await foreign.change(others["id"], {"notes": "changed"})
    ids = [(await contacts.create({"first_name": "Ada"}))[0]["id"] for _ in range(7)]
    for contact_id in ids:
        for number in range(17):
            await contacts.change(contact_id, {"notes": f"{number}"})

    read = [row async for page in repository.versions(owner) for row in page]

    assert [(row.contact["id"], row.version) for row in read] == [
        (contact_id, version) for contact_id in ids for version in range(1, 18)
    ]
    assert read[17].contact["notes"] == ""
    assert read[18].contact["notes"] == "0"


@pytest.mark.parametrize("number", [0, 1, 20, 21, 40])
async def test_photos_come_by_id_each_once(owner: int, number: int, pg: asyncpg.Connection) -> None:
    photos = [(contact_id, b"%d" % contact_id) for contact_id in range(1, number + 1)]
    await pg.executemany(PHOTO, [(owner, *photo) for photo in photos])

    read = [photo async for page in repository.photos(owner) for photo in page]

    assert read == photos
    assert [page async for page in repository.photos(owner + 1)] == []


async def test_pairs_that_are_told_apart_come_once_whatever_the_pages(
    contacts: ContactRepository, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        repository, "_DISMISSED", repository._DISMISSED.replace("LIMIT 1000", "LIMIT 2")
    )
    ids = [(await contacts.create({"first_name": "Ada"}))[0]["id"] for _ in range(4)]
    await DuplicateRepository(owner).dismiss(ids)
    pages = [page async for page in repository.dismissed_duplicates(owner)]
    assert [len(page) for page in pages] == [2, 2, 2]
    assert [pair for page in pages for pair in page] == list(combinations(ids, 2))
    assert [page async for page in repository.dismissed_duplicates(owner + 1)] == []
