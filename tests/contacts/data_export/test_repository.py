"""Contacts and photos come page by page, each once, and of one owner alone."""

import asyncpg
import pytest

from contactsvc.contacts.data_export import repository
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


@pytest.mark.parametrize("number", [0, 1, 20, 21, 40])
async def test_photos_come_by_id_each_once(owner: int, number: int, pg: asyncpg.Connection) -> None:
    photos = [(contact_id, b"%d" % contact_id) for contact_id in range(1, number + 1)]
    await pg.executemany(PHOTO, [(owner, *photo) for photo in photos])

    read = [photo async for page in repository.photos(owner) for photo in page]

    assert read == photos
    assert [page async for page in repository.photos(owner + 1)] == []
