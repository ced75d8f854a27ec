"""Undoing a merge gives groups their members back, but for what was changed since."""

import asyncpg

from contactsvc.contacts.keys import older_uid
from tests.conftest import Person
from tests.contacts.dav.cards.test_memberships import (
    delete_group,
    members,
    merge,
    people,
    put,
)
from tests.contacts.dav.support import ETAG, Phone
from tests.contacts.operations.support import TRASH, change, contacts, delete, undo


async def tags(person: Person) -> dict[str, list[str]]:
    return {each["uid"]: each["tags"] for each in await contacts(person)}


async def test_groups_are_as_they_were(grace: Person, phone: Phone) -> None:
    ada, bea, eve, _ = await people(grace, "ada", "bea", "eve", "zoe")
    groups = {
        "One": ["zoe", "bea"],
        "All": ["bea", "zoe", "ada", "eve"],
        "Two": ["eve", "unknown", "bea"],
        "None": ["zoe", "ada"],
    }
    for title, uids in groups.items():
        await put(phone, title, *uids)
    before = await tags(grace)
    operation_id = await merge(grace, ada, bea, eve)
    found, token = await phone.sync()

    await undo(grace, operation_id)

    listed = await members(phone, *groups)
    assert {title: sorted(uids) for title, uids in listed.items()} == {
        title: sorted(uids) for title, uids in groups.items()
    }
    assert await tags(grace) == before
    told, _ = await phone.sync(token)
    changed = {phone.card(name) for name in ("ada", "bea", "eve", "One", "All", "Two")}
    assert told.keys() == changed
    assert all(told[href].text(ETAG) != found[href].text(ETAG) for href in found.keys() & changed)


async def test_who_has_come_into_a_group_since_stays(grace: Person, phone: Phone) -> None:
    ada, bea = await people(grace, "ada", "bea")
    for title in ("Longer", "Again"):
        await put(phone, title, "bea")
    operation_id = await merge(grace, ada, bea)
    await put(phone, "Longer", "zoe", "ada", "new")
    await put(phone, "Again", "bea", "ada")

    await undo(grace, operation_id)

    assert await members(phone, "Longer", "Again") == {
        "Longer": ["zoe", "bea", "new"],
        "Again": ["bea"],
    }


async def test_who_takes_off_the_contact_that_stays_takes_off_all_of_them(
    grace: Person, phone: Phone
) -> None:
    ada, bea = await people(grace, "ada", "bea")
    for title in ("Without", "Gone"):
        await put(phone, title, "zoe", "bea")
    operation_id = await merge(grace, ada, bea)
    await put(phone, "Without", "zoe")
    await delete_group(phone, "Gone")
    _, token = await phone.sync()

    await undo(grace, operation_id)

    assert (await phone.sync(token))[0].keys() == {phone.card("bea")}
    assert await members(phone, "Without") == {"Without": ["zoe"]}


async def test_a_contact_that_keeps_what_it_got_stays_a_member(grace: Person, phone: Phone) -> None:
    ada, bea, eve = await people(grace, "ada", "bea", "eve")
    await put(phone, "Friends", "bea", "eve")
    operation_id = await merge(grace, ada, bea, eve)
    await change(grace, ada, notes="changed since")
    assert (await grace.delete(f"{TRASH}/{eve}")).status == 204

    assert (await undo(grace, operation_id))["restored"] == 1

    assert await members(phone, "Friends") == {"Friends": ["ada", "bea"]}
    assert await tags(grace) == {"ada": ["Friends"], "bea": ["Friends"]}


async def test_a_group_whose_members_are_gone_for_good_stays(grace: Person, phone: Phone) -> None:
    ada, bea = await people(grace, "ada", "bea")
    await put(phone, "Friends", "bea")
    operation_id = await merge(grace, ada, bea)
    assert (await grace.delete(f"{TRASH}/{bea}")).status == 204
    _, token = await phone.sync()
    await undo(grace, operation_id)
    assert await phone.sync(token) == ({}, token)
    assert await members(phone, "Friends") == {"Friends": ["ada"]}


async def test_whose_heir_has_been_deleted_are_members_again(grace: Person, phone: Phone) -> None:
    ada, bea = await people(grace, "ada", "bea")
    await put(phone, "Friends", "bea")
    operation_id = await merge(grace, ada, bea)
    await delete(grace, ada)
    assert (await grace.delete(TRASH)).status == 204
    await undo(grace, operation_id)
    assert await members(phone, "Friends") == {"Friends": ["ada"]}


async def test_contacts_of_an_older_release_have_groups_too(
    grace: Person, phone: Phone, pg: asyncpg.Connection
) -> None:
    """They have no uid of their own yet, but the one that they are going to have."""
    ada, bea = await people(grace, "ada", "bea")
    await pg.execute("UPDATE contacts SET uid = NULL, display_name = '', derived_version = NULL")
    user_id = await pg.fetchval("SELECT id FROM users")
    first, second = older_uid(user_id, ada), older_uid(user_id, bea)
    await put(phone, "Friends", second)
    operation_id = await merge(grace, ada, bea)
    assert await members(phone, "Friends") == {"Friends": [first]}
    await undo(grace, operation_id)
    assert await members(phone, "Friends") == {"Friends": [second]}


async def test_merges_into_several_can_be_undone_in_any_order(grace: Person, phone: Phone) -> None:
    ada, bea, eve, zoe = await people(grace, "ada", "bea", "eve", "zoe")
    await put(phone, "Friends", "bea", "zoe")
    first, second = await merge(grace, ada, bea), await merge(grace, eve, zoe)
    assert await members(phone, "Friends") == {"Friends": ["ada", "eve"]}
    await undo(grace, first)
    assert await members(phone, "Friends") == {"Friends": ["bea", "eve"]}
    await undo(grace, second)
    assert await members(phone, "Friends") == {"Friends": ["bea", "zoe"]}
