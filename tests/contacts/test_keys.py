"""The columns that are made from others, as the table holds them."""

import asyncpg
import pytest

from contactsvc.contacts.keys import sort_columns
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.text.sort_keys import sort_key

NOBODY = {"first_name": "", "last_name": "", "email": None, "phone": None}


@pytest.mark.parametrize(
    ("fields", "last", "first"),
    [
        ({"first_name": "Ada", "last_name": "King"}, ("King", "Ada"), ("Ada", "King")),
        ({"first_name": "Ada"}, ("", "Ada"), ("Ada", "")),
        ({"last_name": "King"}, ("King", ""), ("", "King")),
        ({"email": "ada@x.org", "phone": "+1"}, ("ada@x.org", ""), ("ada@x.org", "")),
        ({"phone": "+442079460958"}, ("+442079460958", ""), ("+442079460958", "")),
        ({}, ("", ""), ("", "")),
    ],
)
def test_who_has_no_name_stands_by_what_is_shown(
    fields: dict[str, str], last: tuple[str, str], first: tuple[str, str]
) -> None:
    keys = sort_columns(NOBODY | fields)
    assert keys["last_name_sort"] == sort_key(*last)
    assert keys["first_name_sort"] == sort_key(*first)


async def test_a_change_of_either_name_moves_a_contact(owner: int, pg: asyncpg.Connection) -> None:
    contacts = ContactRepository(owner)
    row, _ = await contacts.create({"first_name": "Ada", "last_name": "King"})
    for change in ({"last_name": "Zuse"}, {"first_name": "Bea"}, {"notes": "x"}):
        changed, _ = await contacts.change(row["id"], change)
        keys = await pg.fetchrow("SELECT last_name_sort, first_name_sort FROM contacts")
        names = changed["last_name"], changed["first_name"]
        assert tuple(keys) == (sort_key(*names), sort_key(*reversed(names)))


PHONE = "phone, phone_value, phone_e164, phone_key"


async def phone_of(pg: asyncpg.Connection) -> tuple[str | None, ...]:
    return tuple(await pg.fetchrow(f"SELECT {PHONE} FROM contacts"))


async def test_what_was_typed_is_kept_beside_its_e164(owner: int, pg: asyncpg.Connection) -> None:
    contacts = ContactRepository(owner, "GB")
    row, _ = await contacts.create({"first_name": "Ada", "phone": "020 7946 0958"})
    kept = await phone_of(pg)
    assert kept[:3] == ("+442079460958", "020 7946 0958", "+442079460958")
    assert row["phone"] == kept[0]

    # A client sends back what it got: that says nothing new of what was typed.
    await contacts.change(row["id"], {"first_name": "Bea", "phone": "+442079460958"})
    assert await phone_of(pg) == kept

    await contacts.change(row["id"], {"phone": "7946 0958"})
    assert await phone_of(pg) == ("7946 0958", "7946 0958", None, "7946 0958 79460958")
    await contacts.change(row["id"], {"phone": None})
    assert await phone_of(pg) == (None,) * 4


async def test_a_change_makes_the_keys_anew_that_an_older_release_has_made(
    owner: int, pg: asyncpg.Connection
) -> None:
    contacts = ContactRepository(owner)
    row, _ = await contacts.create({"first_name": "Мар'яна", "phone": "+44 20 7946 0958"})
    await pg.execute("UPDATE contacts SET version = 2, first_name_key = 'x', phone = '+44 1'")

    _, version = await contacts.change(row["id"], {"notes": "new"})

    keys = await pg.fetchrow("SELECT first_name_key, keys_version FROM contacts")
    assert tuple(keys) == ("мар'яна", version)
    assert await phone_of(pg) == ("+44 1", "+44 1", None, "+44 1 00441")
