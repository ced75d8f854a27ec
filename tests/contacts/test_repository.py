"""One owner's contacts on the real PostgreSQL: search, change, versions, and nobody else's."""

from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.orders import MonthDays
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import PUBLIC
from contactsvc.platform.errors import NotFound, PreconditionFailed, ServiceError
from tests.support.rows import as_read

EVERYTHING = ContactFilter()


async def add(contacts: ContactRepository, **fields: Any) -> int:
    row, _ = await contacts.create({"first_name": "Ada", "last_name": "", **fields})
    return row["id"]


async def read(contacts: ContactRepository, contact_id: int) -> tuple[dict[str, Any], int]:
    row, version = await contacts.get(contact_id)
    return as_read(row), version


async def found(contacts: ContactRepository, **wanted: Any) -> list[str]:
    """Return the first names that a search finds, and check that they are counted alike."""
    wish = ContactFilter(**wanted)
    page = await contacts.page(wish, "first_name", 200)
    assert await contacts.count(wish) == len(page.rows)
    return [row["first_name"] for row in page.rows]


async def test_a_new_contact_comes_back_whole(contacts: ContactRepository) -> None:
    fields = {
        "first_name": "Ada",
        "last_name": "Lovelace",
        "email": "Ada@Example.com",
        "phone": "+442079460958",
        "birthday": "1815-12-10",
        "notes": "Wrote the first program.",
    }
    made, version = await contacts.create(fields)
    assert fields.items() <= dict(made).items()
    assert tuple(made) == PUBLIC
    assert made["created_at"] == made["updated_at"]
    assert version == 1
    assert await read(contacts, made["id"]) == (as_read(made), 1)


async def test_missing_fields_take_their_default(contacts: ContactRepository) -> None:
    made, _ = await contacts.create({"first_name": "Ada"})
    assert (made["last_name"], made["notes"]) == ("", "")
    assert (made["email"], made["phone"], made["birthday"]) == (None, None, None)
    assert await found(contacts, q="ada") == ["Ada"]


async def test_two_contacts_may_share_everything(contacts: ContactRepository) -> None:
    first = await add(contacts, email="ada@example.com")
    assert await add(contacts, email="ada@example.com") != first


async def born(
    contacts: ContactRepository, low: int = 101, high: int = 1231
) -> list[dict[str, Any]]:
    """Return the contacts with a birthday between two."""
    return await contacts.with_birthday(MonthDays(low, high), 1000)


SEARCHES: list[tuple[str, str, dict[str, str | None], bool]] = [
    ("q", "zoe", {"first_name": "Zoë"}, True),
    ("q", "ZOË", {"first_name": "zoe"}, True),
    ("q", "Zoe\u0308", {"first_name": "Zoë"}, True),
    ("q", "strasse", {"last_name": "Straße"}, True),
    ("q", "Σίσυφος", {"last_name": "ΣΊΣΥΦΟΣ"}, True),
    ("q", "łódź", {"last_name": "Lodz"}, True),
    ("q", "ada love", {"first_name": "Ada", "last_name": "Lovelace"}, True),
    ("q", "love  ada", {"first_name": "Ada", "last_name": "Lovelace"}, True),
    ("q", "ada example", {"first_name": "Ada", "email": "a@example.com"}, True),
    ("q", "7946", {"phone": "+442079460958"}, True),
    ("q", "+44 20 7946 0958", {"phone": "+442079460958"}, True),
    ("q", "ada bob", {"first_name": "Ada"}, False),
    ("q", "lovead", {"first_name": "Ada", "last_name": "Love"}, False),
    ("q", "program", {"notes": "Wrote the first program."}, False),
    ("q", "", {}, True),
    ("q", "%", {"first_name": "Ada"}, False),
    ("q", "%", {"first_name": "100%"}, True),
    ("q", "_", {"first_name": "Ada"}, False),
    ("q", "a_a", {"first_name": "Ada"}, False),
    ("q", "a_a", {"first_name": "A_a"}, True),
    ("q", "\\", {"first_name": "Ada"}, False),
    ("q", "\\", {"first_name": "Back\\slash"}, True),
    ("q", "\\%", {"first_name": "100%"}, False),
    ("q", "\\%", {"first_name": "100\\%"}, True),
    ("q", "'; --", {"first_name": "O'Neil"}, False),
    ("q", "o'neil", {"first_name": "O'Neil"}, True),
    ("q", "$1", {"first_name": "Ke$1ha"}, True),
    ("first_name", "da", {"first_name": "Ada"}, True),
    ("first_name", "ada", {"last_name": "Ada", "first_name": "Bob"}, False),
    ("first_name", "maria jose", {"first_name": "María José"}, True),
    ("first_name", "jose maria", {"first_name": "María José"}, False),
    ("first_name", "%", {"first_name": "Ada"}, False),
    ("first_name", "\\", {"first_name": "Ada"}, False),
    ("last_name", "LOVE", {"last_name": "Lovelace"}, True),
    ("last_name", "_", {"last_name": "Lovelace"}, False),
    ("last_name", "ada", {"first_name": "Ada"}, False),
    ("email", "EXAMPLE", {"email": "a@example.com"}, True),
    ("email", "example", {"email": None}, False),
    ("email", "_", {"email": "a.b@example.com"}, False),
    ("email", "%", {"email": "a@example.com"}, False),
    ("email", "ada", {"first_name": "Ada", "email": None}, False),
]


async def test_search(contacts: ContactRepository, subtests: pytest.Subtests) -> None:
    for field, text, stored, hit in SEARCHES:
        with subtests.test(field=field, text=text, stored=stored, hit=hit):
            contact_id = await add(contacts, **stored)
            assert len(await found(contacts, **{field: text})) == int(hit)
            await contacts.delete(contact_id)


async def test_filters_narrow_each_other(contacts: ContactRepository) -> None:
    await add(contacts, first_name="Ada", last_name="Lovelace")
    await add(contacts, first_name="Ada", last_name="King")
    assert await found(contacts, first_name="ada", last_name="king", q="a") == ["Ada"]
    assert await found(contacts, first_name="ada", last_name="king", email="x") == []


async def test_a_change_keeps_what_is_not_named(contacts: ContactRepository) -> None:
    contact_id = await add(contacts, first_name="Zoë", email="z@example.com", birthday="--02-29")
    before, _ = await read(contacts, contact_id)
    changed, version = await contacts.change(contact_id, {"last_name": "Åberg"})
    assert version == 2
    assert changed["updated_at"] > before["updated_at"]
    new = {"last_name": "Åberg", "display_name": "Zoë Åberg", "updated_at": changed["updated_at"]}
    assert as_read(changed) == before | new
    assert await read(contacts, contact_id) == (as_read(changed), 2)


async def test_a_change_renews_what_is_searched(contacts: ContactRepository) -> None:
    contact_id = await add(contacts, first_name="Old", email="old@example.com", birthday="--01-01")
    new = {"first_name": "Nëw", "last_name": "Nåme", "email": "New@example.com"}
    await contacts.change(contact_id, {**new, "birthday": "1990-06-15"})
    assert await found(contacts, q="old") == []
    assert await found(contacts, first_name="new", last_name="name", email="new@") == ["Nëw"]
    assert not await born(contacts, 101, 101)
    assert len(await born(contacts, 615, 615)) == 1


async def test_a_change_leaves_other_search_keys_alone(contacts: ContactRepository) -> None:
    contact_id = await add(contacts, first_name="Ada", email="a@example.com", birthday="--01-01")
    await contacts.change(contact_id, {"phone": "+442079460958"})
    assert await found(contacts, first_name="ada", email="a@example.com") == ["Ada"]
    assert len(await born(contacts, 101, 101)) == 1


async def test_null_clears_search_keys_too(contacts: ContactRepository) -> None:
    contact_id = await add(contacts, email="a@example.com", birthday="--01-01", phone="+4420794609")
    await contacts.change(contact_id, {"email": None, "birthday": None, "phone": None})
    assert await found(contacts, email="example") == []
    assert await found(contacts, q="4420") == []
    assert not await born(contacts)


async def test_a_change_is_of_one_contact_alone(contacts: ContactRepository) -> None:
    ids = [await add(contacts, first_name=name) for name in ("Ada", "Bea", "Cleo")]
    before = [await read(contacts, contact_id) for contact_id in ids]
    assert [row["id"] for row, _ in before] == ids

    row, version = await contacts.change(ids[1], {"notes": "hers"})

    changed = as_read(row), version
    assert [await read(contacts, each) for each in ids] == [before[0], changed, before[2]]


@pytest.mark.parametrize("versions", [None, [1]])
async def test_a_removal_is_of_one_contact_alone(
    contacts: ContactRepository, versions: list[int] | None
) -> None:
    ids = [await add(contacts, first_name=name) for name in ("Ada", "Bea", "Cleo")]
    await contacts.delete(ids[1], versions)
    assert await found(contacts) == ["Ada", "Cleo"]
    with pytest.raises(NotFound):
        await contacts.delete(ids[1], versions)
    assert await found(contacts) == ["Ada", "Cleo"]


async def test_a_change_that_changes_nothing_is_none(contacts: ContactRepository) -> None:
    contact_id = await add(contacts, email="a@example.com")
    before = await contacts.get(contact_id)
    for same in ({}, {"first_name": "Ada"}, {"email": "a@example.com", "phone": None}):
        assert await contacts.change(contact_id, same) == before
    assert await contacts.get(contact_id) == before
    with pytest.raises(PreconditionFailed):
        await contacts.change(contact_id, {}, [2])


@pytest.mark.parametrize(
    ("versions", "fits"), [(None, True), ([1], True), ([0, 1], True), ([2], False), ([], False)]
)
async def test_versions_are_the_precondition_of_a_change(
    contacts: ContactRepository, versions: list[int] | None, fits: bool
) -> None:
    contact_id = await add(contacts)
    if fits:
        assert (await contacts.change(contact_id, {"notes": "x"}, versions))[1] == 2
        return
    with pytest.raises(PreconditionFailed):
        await contacts.change(contact_id, {"notes": "x"}, versions)
    unchanged, version = await contacts.get(contact_id)
    assert (unchanged["notes"], version) == ("", 1)


@pytest.mark.parametrize(
    ("versions", "fits"), [(None, True), ([1], True), ([2], False), ([], False)]
)
async def test_versions_are_the_precondition_of_a_removal(
    contacts: ContactRepository, versions: list[int] | None, fits: bool
) -> None:
    contact_id = await add(contacts)
    if fits:
        await contacts.delete(contact_id, versions)
        with pytest.raises(NotFound):
            await contacts.get(contact_id)
        return
    with pytest.raises(PreconditionFailed):
        await contacts.delete(contact_id, versions)
    assert (await contacts.get(contact_id))[1] == 1


async def test_versions_that_a_write_must_not_meet(contacts: ContactRepository) -> None:
    contact_id = await add(contacts)
    with pytest.raises(PreconditionFailed):
        await contacts.change(contact_id, {"notes": "x"}, unless=[1])
    with pytest.raises(PreconditionFailed):
        await contacts.delete(contact_id, unless=[1, 2])
    assert (await contacts.change(contact_id, {"notes": "x"}, [1], unless=[2]))[1] == 2
    await contacts.delete(contact_id, [2], unless=[1])
    with pytest.raises(NotFound):
        await contacts.delete(contact_id, unless=[1])


ByIdMethod = Callable[[ContactRepository, int], Awaitable[object]]
BY_ID: dict[str, ByIdMethod] = {
    "get": lambda contacts, contact_id: contacts.get(contact_id),
    "change": lambda contacts, contact_id: contacts.change(contact_id, {"notes": "mine now"}),
    "change, with versions": lambda contacts, contact_id: contacts.change(contact_id, {}, [1]),
    "delete": lambda contacts, contact_id: contacts.delete(contact_id),
    "delete, with versions": lambda contacts, contact_id: contacts.delete(contact_id, [1]),
    "change, with wrong versions": lambda contacts, contact_id: contacts.change(
        contact_id, {}, [9]
    ),
    "delete, with wrong versions": lambda contacts, contact_id: contacts.delete(contact_id, [9]),
}


@pytest.mark.parametrize("method", BY_ID.values(), ids=BY_ID.keys())
async def test_somebody_elses_contact_is_not_there(
    contacts: ContactRepository, foreign: ContactRepository, method: ByIdMethod
) -> None:
    contact_id = await add(foreign)
    before = await foreign.get(contact_id)
    with pytest.raises(NotFound) as theirs:
        await method(contacts, contact_id)
    with pytest.raises(NotFound) as missing:
        await method(contacts, contact_id + 1000)
    assert theirs.value.detail == missing.value.detail
    assert await foreign.get(contact_id) == before


async def test_somebody_elses_contacts_are_in_no_listing(
    contacts: ContactRepository, foreign: ContactRepository
) -> None:
    await add(foreign, email="ada@example.com", birthday="--01-01")
    assert await found(contacts) == []
    assert await found(contacts, q="ada") == []
    assert await found(contacts, email="ada") == []
    assert not await born(contacts)


async def test_contacts_go_with_their_owner(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    await add(contacts)
    await pg.execute("DELETE FROM users WHERE id = $1", owner)
    assert await contacts.count(EVERYTHING) == 0


async def test_an_owner_who_has_just_gone_can_add_nothing(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    await pg.execute("DELETE FROM users WHERE id = $1", owner)
    with pytest.raises(ServiceError):
        await add(contacts)
