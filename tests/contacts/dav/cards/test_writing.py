"""Clients send cards: they become contacts, and are given back as they came."""

from typing import Any

import asyncpg
import pytest

from contactsvc.contacts import card_names
from contactsvc.contacts.dav.cards.card import ANY, Preconditions, UidConflict
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.trash.repository import TrashRepository
from contactsvc.platform.errors import (
    NotFound,
    PreconditionFailed,
    QuotaExceeded,
    ValidationFailed,
)
from contactsvc.platform.storage.pictures import Pictures
from tests.contacts.dav.cards.support import card, contact, text

IF_ABSENT = Preconditions(none_match=[ANY])


async def test_a_card_becomes_a_contact_and_comes_back_as_it_was(
    cards: Cards, pg: asyncpg.Connection
) -> None:
    sent = card("ada", "EMAIL;TYPE=WORK:ada@example.com", "X-OWN:kept", "CATEGORIES:poets,friends")
    result = await cards.put("ada", sent, IF_ABSENT)
    row = await contact(pg, "ada")
    assert (result.created, result.name, result.etag) == (True, "ada", f'"{row["id"]}-1"')
    assert (row["first_name"], row["email"], row["changed_by"]) == (
        "Ada",
        "ada@example.com",
        "sync",
    )
    assert (row["tags"], row["extra"], row["card_name"]) == (
        ["poets", "friends"],
        ["X-OWN:kept"],
        None,
    )
    found = await cards.get("ada")
    assert (found.etag, found.text) == (result.etag, sent)


async def test_a_client_chooses_another_name(cards: Cards, pg: asyncpg.Connection) -> None:
    for name, uid in (("some name", "ada"), ("b", "b c"), ("c d", "c d")):
        result = await cards.put(name, card(uid))
        assert (result.created, result.name) == (True, name)
        assert (await cards.get(name)).text == card(uid)
        assert (await contact(pg, uid))["card_name"] == name
    with pytest.raises(NotFound):
        await cards.get("ada")
    assert [each.name for each in (await cards.page(9)).rows] == ["some name", "b", "c d"]


@pytest.mark.parametrize("name", ["", "x" * 201, "a/b", "a\nb", "a\0b", "\u200f"])
async def test_a_name_that_no_card_can_have(cards: Cards, name: str) -> None:
    with pytest.raises(ValidationFailed):
        await cards.put(name, card())


async def test_a_change_replaces_all_that_a_card_can_say(
    cards: Cards, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    await cards.put("ada", card("ada", "NOTE:first", "X-OWN:first", "TEL:+442079460958"))
    before = await contact(pg, "ada")
    await contacts.change(before["id"], {"favorite": True})
    result = await cards.put("ada", card("ada", "X-OWN:second", name="Ada King"))
    after = await contact(pg, "ada")
    assert (result.created, result.etag) == (False, f'"{before["id"]}-3"')
    assert (after["last_name"], after["notes"], after["phone"]) == ("King", "", None)
    assert (after["extra"], after["favorite"], after["version"]) == (["X-OWN:second"], True, 3)
    kept = await pg.fetch("SELECT by FROM contact_versions ORDER BY version")
    assert [row["by"] for row in kept] == ["sync", "api"]


async def test_what_changes_nothing_keeps_the_version(cards: Cards) -> None:
    sent = card("ada", "EMAIL:ada@example.com", "CATEGORIES:a,b")
    first = await cards.put("ada", sent)
    assert (await cards.put("ada", sent)).etag == first.etag
    place = (await cards.changes(None, 10)).place

    same = sent.replace(b"CATEGORIES:a,b", b"CATEGORIES:b,a")
    assert (await cards.put("ada", same)).etag is None, "what is kept is not what was sent"
    found = await cards.get("ada")
    assert (found.text, found.etag) == (sent, first.etag)
    assert (await cards.changes(place, 10)).items == []


async def test_a_change_elsewhere_ends_what_was_sent(
    cards: Cards, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    await cards.put("ada", card("ada", "X-OWN:kept", "NOTE:first"))
    row = await contact(pg, "ada")
    await contacts.change(row["id"], {"notes": "second"})
    found = await text(cards, "ada")
    assert "NOTE:second\r\n" in found
    assert "X-OWN:kept\r\n" in found
    assert await pg.fetchval("SELECT count(*) FROM stored_cards") == 0
    # One that an older release has changed, which knows nothing of cards.
    await cards.put("ada", card("ada", "NOTE:third"))
    await pg.execute("UPDATE contacts SET notes = 'fourth', version = version + 1")
    assert "NOTE:fourth\r\n" in await text(cards, "ada")


async def test_a_uid_is_of_one_card(cards: Cards, contacts: ContactRepository) -> None:
    await cards.put("first", card("ada"))
    for name in ("ada", "second"):
        with pytest.raises(UidConflict) as caught:
            await cards.put(name, card("ada"))
        assert caught.value.name == "first"
    await contacts.create({"first_name": "Grace", "uid": "a b"})
    with pytest.raises(UidConflict) as caught:
        await cards.put("third", card("a b"))
    assert caught.value.name == card_names.name_of_uid("a b")
    await cards.put("second", card("bob"))
    with pytest.raises(UidConflict):
        await cards.put("second", card("ada"))


async def test_a_card_keeps_its_uid(cards: Cards, pg: asyncpg.Connection) -> None:
    await cards.put("ada", card("ada"))
    result = await cards.put("ada", card("other", "NOTE:changed"))
    assert result.etag is None
    assert (await contact(pg, "ada"))["notes"] == "changed"
    found = await text(cards, "ada")
    assert "UID:ada\r\n" in found
    assert "NOTE:changed\r\n" in found


async def test_a_card_without_a_uid_gets_one(cards: Cards, pg: asyncpg.Connection) -> None:
    result = await cards.put("ada", card(""))
    assert result.etag is None
    assert "UID:ada\r\n" in await text(cards, "ada")
    await cards.put("other", card("bob"))
    await cards.put("bob", card(""))  # that uid is somebody else's
    uid = await pg.fetchval("SELECT uid FROM contacts WHERE card_name = 'bob'")
    assert uid not in ("bob", "")
    result = await cards.put("ada", card("", "NOTE:changed"))
    assert (result.created, (await contact(pg, "ada"))["notes"]) == (False, "changed")


@pytest.mark.parametrize(
    ("match", "none_match", "admits"),
    [
        (None, [ANY], False),
        ([ANY], (), True),
        (["etag"], (), True),
        (['"1-9"', "etag"], (), True),
        (['"1-9"'], (), False),
        ([], (), False),
        (None, ["etag"], False),
        (None, ['"1-9"'], True),
    ],
)
async def test_preconditions_of_a_card_that_is_there(
    cards: Cards, match: list[str] | None, none_match: list[str], admits: bool
) -> None:
    etag = (await cards.put("ada", card("ada"))).etag
    assert etag is not None

    def named(etags: Any) -> Any:
        return etags and [etag if each == "etag" else each for each in etags]

    conditions = Preconditions(named(match), named(none_match))
    if admits:
        await cards.put("ada", card("ada", "NOTE:changed"), conditions)
        await cards.delete("ada", Preconditions([ANY]))
        return
    with pytest.raises(PreconditionFailed):
        await cards.put("ada", card("ada", "NOTE:changed"), conditions)
    with pytest.raises(PreconditionFailed):
        await cards.delete("ada", conditions)
    assert (await cards.get("ada")).text == card("ada")


async def test_preconditions_of_a_card_that_is_not_there(cards: Cards) -> None:
    for match in ([ANY], ['"1-1"'], []):
        with pytest.raises(PreconditionFailed):
            await cards.put("ada", card("ada"), Preconditions(match))
        with pytest.raises(NotFound):
            await cards.delete("ada", Preconditions(match))
    assert (await cards.page(10)).rows == []


async def test_a_deleted_card_is_in_the_trash_and_never_has_its_etag_again(
    cards: Cards, owner: int, pg: asyncpg.Connection
) -> None:
    first = await cards.put("some name", card("ada"))
    place = (await cards.changes(None, 10)).place
    contact_id = (await contact(pg, "ada"))["id"]
    await cards.delete("some name")
    with pytest.raises(NotFound):
        await cards.get("some name")
    with pytest.raises(NotFound):
        await cards.delete("some name")
    assert [item.name for item in (await cards.changes(place, 10)).items] == ["some name"]

    second = await cards.put("some name", card("ada"), IF_ABSENT)
    assert second.created
    assert second.etag not in (None, first.etag)
    await cards.delete("some name")
    await TrashRepository(owner).restore(contact_id)
    restored = await cards.get("some name")
    assert restored.etag not in (first.etag, second.etag)


async def test_what_is_restored_gets_another_name_where_its_own_is_taken(
    cards: Cards, owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    await cards.put("ada", card("ada"))
    contact_id = (await contact(pg, "ada"))["id"]
    await cards.delete("ada")
    await cards.put("ada", card("grace", name="Grace Hopper"))
    await TrashRepository(owner).restore(contact_id)
    assert "UID:grace\r\n" in await text(cards, "ada")
    [other] = [each for each in (await cards.page(10)).rows if each.name != "ada"]
    assert "UID:ada\r\n" in await text(cards, other.name)
    # A contact that another program adds with such a uid does, too.
    await cards.put("name", card("x"))
    await contacts.create({"first_name": "Name", "uid": "name"})
    assert "UID:x\r\n" in await text(cards, "name")
    found = (await cards.page(10)).rows
    assert len({each.name for each in found}) == len(found) == 4


async def test_the_quota_counts_cards(owner: int, pictures: Pictures) -> None:
    cards = Cards(owner, None, pictures, max_contacts=1)
    await cards.put("a", card("a"))
    with pytest.raises(QuotaExceeded):
        await cards.put("b", card("b"))
    await cards.put("a", card("a", "NOTE:changed"))
