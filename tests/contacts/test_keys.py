"""The columns that are made from others, as the table holds them."""

from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.keys import display_name, sort_columns
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.text.sort_keys import sort_key

NOBODY: dict[str, Any] = {
    **dict.fromkeys(("prefix", "first_name", "middle_name", "last_name", "suffix"), ""),
    "organization": "",
    "nickname": "",
    "email": None,
    "phone": None,
}


@pytest.mark.parametrize(
    ("fields", "last", "first"),
    [
        ({"first_name": "Ada", "last_name": "King"}, ("King", "Ada"), ("Ada", "King")),
        ({"first_name": "Ada"}, ("", "Ada"), ("Ada", "")),
        ({"last_name": "King"}, ("King", ""), ("", "King")),
        ({"email": "ada@x.org", "phone": "+1"}, ("ada@x.org", ""), ("ada@x.org", "")),
        ({"phone": "+442079460958"}, ("+442079460958", ""), ("+442079460958", "")),
        ({"organization": "Engines", "nickname": "A"}, ("Engines", ""), ("Engines", "")),
        ({"nickname": "Ada", "email": "x@x.org"}, ("Ada", ""), ("Ada", "")),
        ({"prefix": "Dr.", "email": "x@x.org"}, ("Dr.", ""), ("Dr.", "")),
        ({"prefix": "Dr.", "organization": "Engines"}, ("Engines", ""), ("Engines", "")),
        ({"last_name": "King", "organization": "Engines"}, ("King", ""), ("", "King")),
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


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"first_name": "Ada", "last_name": "King", "nickname": "A"}, "Ada King"),
        (
            dict(zip(list(NOBODY)[:5], ("Dr.", "Ada", "M.", "King", "PhD"), strict=True)),
            "Dr. Ada M. King PhD",
        ),
        ({"organization": "Engines", "nickname": "A", "email": "a@x.org"}, "Engines"),
        ({"nickname": "A", "email": "a@x.org"}, "A"),
        ({"email": "a@x.org", "phone": "112"}, "a@x.org"),
        ({"phone": "112"}, "112"),
        ({}, ""),
    ],
)
def test_a_contact_is_shown_as_the_first_of_what_it_has(fields: dict[str, str], shown: str) -> None:
    assert display_name(NOBODY | fields) == shown


async def phone_of(pg: asyncpg.Connection) -> tuple[str | None, list[Any]]:
    """Return the phone that is shown, and each as it was typed with its E.164."""
    row = await pg.fetchrow("SELECT phone, details->'phones' AS phones FROM contacts")
    return row["phone"], [(each["value"], each["e164"]) for each in orjson.loads(row["phones"])]


async def test_what_was_typed_is_kept_beside_its_e164(owner: int, pg: asyncpg.Connection) -> None:
    contacts = ContactRepository(owner, "GB")
    row, _ = await contacts.create({"first_name": "Ada", "phone": "020 7946 0958"})
    kept = await phone_of(pg)
    assert kept == ("+442079460958", [("020 7946 0958", "+442079460958")])
    assert row["phone"] == kept[0]

    # A client sends back what it got: that says nothing new of what was typed.
    await contacts.change(row["id"], {"first_name": "Bea", "phone": "+442079460958"})
    assert await phone_of(pg) == kept

    await contacts.change(row["id"], {"phone": "7946 0958"})
    assert await phone_of(pg) == ("7946 0958", [("7946 0958", None)])
    await contacts.change(row["id"], {"phone": None})
    assert await phone_of(pg) == (None, [])


async def test_a_change_makes_the_columns_anew_that_an_older_release_has_left(
    owner: int, pg: asyncpg.Connection
) -> None:
    contacts = ContactRepository(owner)
    row, _ = await contacts.create({"first_name": "Мар'яна", "phone": "+44 20 7946 0958"})
    # It knows neither the lists nor what is derived here.
    await pg.execute(
        "UPDATE contacts SET version = 2, first_name = 'Bea', phone = '+44 1', phone_value = NULL"
    )

    changed, version = await contacts.change(row["id"], {"notes": "new"})

    assert (changed["display_name"], changed["phone"], version) == ("Bea", "+44 1", 3)
    assert await phone_of(pg) == ("+44 1", [("+44 1", None)])
    assert await pg.fetchval("SELECT derived_version FROM contacts") == version
    for text, hits in (("bea", 1), ("0044 1", 1), ("мар'яна", 0), ("7946", 0)):
        assert await contacts.count(ContactFilter(q=text)) == hits, text
