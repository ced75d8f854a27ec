"""Groups are cards that tag their members."""

from datetime import timedelta

import asyncpg
import pytest

from contactsvc.contacts.changes.repository import Place
from contactsvc.contacts.dav.cards import groups
from contactsvc.contacts.dav.cards.card import ANY, Card, Preconditions, UidConflict
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.clock import now
from contactsvc.platform.errors import CursorExpired, NotFound, PayloadTooLarge, QuotaExceeded
from contactsvc.platform.settings.lifetimes import TOMBSTONE_TTL
from tests.contacts.dav.cards.support import card, contact, group


async def tags(pg: asyncpg.Connection) -> dict[str, list[str]]:
    """Return the tags of all contacts by their uids."""
    return {row["uid"]: row["tags"] for row in await pg.fetch("SELECT uid, tags FROM contacts")}


@pytest.fixture
async def people(cards: Cards) -> None:
    """Three contacts, of whom c has tags."""
    await cards.put("a", card("a"))
    await cards.put("b", card("urn:uuid:b"))
    await cards.put("c", card("c", "CATEGORIES:own"))


async def test_a_group_is_no_contact_and_comes_back_as_it_was(
    cards: Cards, pg: asyncpg.Connection
) -> None:
    sent = group("Friends", "nobody")
    result = await cards.put("name", sent)
    assert (result.created, result.name, result.etag) == (True, "name", '"g1-1"')
    found = await cards.get("name")
    assert (found.text, found.etag) == (sent, '"g1-1"')
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 0
    assert (await cards.put("name", sent)).etag == '"g1-1"'
    assert (await cards.put("name", group("Friends"))).etag == '"g1-2"'


@pytest.mark.usefixtures("people")
async def test_members_have_the_title_as_a_tag_while_they_are_listed(
    cards: Cards, pg: asyncpg.Connection
) -> None:
    await cards.put("group", group("Friends", "a", "b", "c", "unknown"))
    assert await tags(pg) == {
        "a": ["Friends"],
        "urn:uuid:b": ["Friends"],
        "c": ["own", "Friends"],
    }
    await cards.put("group", group("Friends", "c"))
    assert await tags(pg) == {"a": [], "urn:uuid:b": [], "c": ["own", "Friends"]}
    await cards.put("group", group("Kin", "c", "a"))
    assert await tags(pg) == {"a": ["Kin"], "urn:uuid:b": [], "c": ["own", "Kin"]}
    await cards.put("group", group("KIN", "c", "a"))
    assert await tags(pg) == {"a": ["KIN"], "urn:uuid:b": [], "c": ["own", "KIN"]}
    await cards.delete("group")
    assert await tags(pg) == {"a": [], "urn:uuid:b": [], "c": ["own"]}
    assert (await contact(pg, "c"))["changed_by"] == "sync"


@pytest.mark.usefixtures("people")
async def test_tags_are_told_apart_without_case(cards: Cards, pg: asyncpg.Connection) -> None:
    before = (await contact(pg, "c"))["version"]
    await cards.put("group", group("OWN", "c"))
    row = await contact(pg, "c")
    assert (row["tags"], row["version"]) == (["own"], before)
    await cards.put("group", group("OWN"))
    assert (await contact(pg, "c"))["tags"] == []


@pytest.mark.usefixtures("people")
async def test_a_tag_stays_while_another_group_of_that_title_lists_the_member(
    cards: Cards, pg: asyncpg.Connection
) -> None:
    await cards.put("first", group("Friends", "a", "c", uid="1"))
    await cards.put("second", group("friends", "a", uid="2"))
    await cards.delete("first")
    assert await tags(pg) == {"a": ["Friends"], "urn:uuid:b": [], "c": ["own"]}


@pytest.mark.usefixtures("people")
async def test_who_is_changed_keeps_the_tags_of_groups(
    cards: Cards, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    await cards.put("group", group("Friends", "a", "later"))
    await cards.put("a", card("a", "NOTE:changed"))
    await cards.put("new", card("later", "CATEGORIES:own"))
    found = await tags(pg)
    assert (found["a"], found["later"]) == (["Friends"], ["own", "Friends"])
    # A tag that is taken off by another way stays off until the card comes again.
    await contacts.change((await contact(pg, "a"))["id"], {"tags": []})
    await cards.put("group", group("Friends", "a", "later", "b"))
    assert (await tags(pg))["a"] == []
    await cards.put("a", card("a", "NOTE:changed again"))
    assert (await tags(pg))["a"] == ["Friends"]


async def test_there_is_room_for_fifty_tags(cards: Cards, pg: asyncpg.Connection) -> None:
    many = [f"tag{number}" for number in range(50)]
    await cards.put("a", card("a", f"CATEGORIES:{','.join(many)}"))
    sent = group("One more", "a")
    await cards.put("group", sent)
    assert (await tags(pg))["a"] == many
    assert (await cards.get("group")).text == sent
    await cards.put("a", card("a", f"CATEGORIES:{','.join(many[1:])}"))
    assert (await tags(pg))["a"] == [*many[1:], "One more"]


async def test_a_title_that_is_no_tag(cards: Cards, pg: asyncpg.Connection) -> None:
    await cards.put("a", card("a"))
    await cards.put("blank", group("", "a", uid="1"))
    assert (await tags(pg))["a"] == []
    await cards.put("long", group("x" * 200, "a", uid="2"))
    assert (await tags(pg))["a"] == ["x" * 50]


@pytest.mark.usefixtures("people")
async def test_groups_are_listed_and_followed_with_the_rest(cards: Cards) -> None:
    start = (await cards.changes(None, 10)).place
    etag = (await cards.put("group", group("Friends", "a"))).etag
    found = await cards.changes(start, 10, with_text=True)
    assert [item.name for item in found.items] == ["group", "a"]
    listed = [card for size in (1, 4) for card in await pages(cards, size)]
    assert [each.name for each in listed] == ["a", "b", "c", "group"] * 2
    assert listed[-1].etag == etag
    assert [each.name for each in await cards.among(["group", "x", "a"])] == ["group", "a"]

    await cards.delete("group")
    told = await cards.changes(found.place, 10)
    assert [item.name for item in told.items] == ["a", "group"]
    assert [each.name for each in await pages(cards, 4)] == ["a", "b", "c"]
    with pytest.raises(NotFound):
        await cards.get("group")
    again = await cards.put("group", group("Friends"), Preconditions(none_match=[ANY]))
    assert again.etag not in (etag, None)
    assert [item.name for item in (await cards.changes(told.place, 10)).items] == ["group"]
    assert [i.name for i in (await cards.changes(None, 10)).items] == ["b", "c", "a", "group"]


async def pages(cards: Cards, size: int) -> list[Card]:
    found: list[Card] = []
    after = None
    while True:
        page = await cards.page(size, after)
        found += page.rows
        if (after := page.next_position) is None:
            return found


async def test_a_uid_is_of_one_card_be_it_a_group(
    cards: Cards, contacts: ContactRepository
) -> None:
    await cards.put("group", group("Friends", uid="a"))
    for sent in (card("a"), group("Others", uid="a")):
        with pytest.raises(UidConflict) as caught:
            await cards.put("other", sent)
        assert caught.value.name == "group"
    # Whoever adds such a contact by another way gets it, by another name.
    await contacts.create({"first_name": "Ada", "uid": "group"})
    assert (await cards.get("group")).text == group("Friends", uid="a")
    names = [each.name for each in (await cards.page(10)).rows]
    assert len(names) == len(set(names)) == 2


async def test_a_card_may_become_a_group_and_a_group_a_card(
    cards: Cards, pg: asyncpg.Connection
) -> None:
    await cards.put("a", card("a"))
    await cards.put("name", card("x"))
    place = (await cards.changes(None, 10)).place
    result = await cards.put("name", group("Friends", "a", uid="x"))
    assert not result.created
    assert await tags(pg) == {"a": ["Friends"]}
    assert await pg.fetchval("SELECT count(*) FROM deleted_contacts") == 1
    told = await cards.changes(place, 10)
    assert [type(item).__name__ for item in told.items] == ["Card", "Card"]

    await cards.put("name", card("x"))
    assert await tags(pg) == {"a": [], "x": []}
    assert (await cards.get("name")).text == card("x")


async def test_bounds_of_groups(cards: Cards, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(PayloadTooLarge):
        await cards.put("group", group("x" * 3_000_000))
    monkeypatch.setattr(groups, "MAX_GROUPS", 1)
    monkeypatch.setattr(groups, "MAX_MEMBERS", 3)
    await cards.put("group", group("Friends", "a", "b", "c"))
    with pytest.raises(QuotaExceeded):
        await cards.put("other", group("Others", uid="other"))
    with pytest.raises(QuotaExceeded):
        await cards.put("group", group("Friends", "a", "b", "c", "d"))
    await cards.put("group", group("Friends", "d", "e", "f"))


async def test_that_a_group_was_deleted_is_told_for_90_days(
    cards: Cards, pg: asyncpg.Connection
) -> None:
    await cards.put("group", group("Friends"))
    place = (await cards.changes(None, 10)).place
    await cards.delete("group")
    row = await pg.fetchrow("SELECT text, members, title FROM card_groups")
    assert tuple(row or ()) == (b"", [], "")
    end = now() + timedelta(seconds=TOMBSTONE_TTL)
    assert await groups.purge_tombstones(end - timedelta(hours=1)) == 0
    assert [item.name for item in (await cards.changes(place, 10)).items] == ["group"]
    assert await groups.purge_tombstones(end + timedelta(hours=1)) == 1
    with pytest.raises(CursorExpired):
        await cards.changes(place, 10)
    assert (await cards.changes(None, 10)).place == Place(0, 0, 2)


@pytest.mark.slow
async def test_a_large_group_is_tagged_in_batches(cards: Cards, pg: asyncpg.Connection) -> None:
    uids = [f"uid{number}" for number in range(120)]
    for uid in uids:
        await cards.put(uid, card(uid))
    await cards.put("group", group("Friends", *uids))
    assert set(map(tuple, (await tags(pg)).values())) == {("Friends",)}
    await cards.delete("group")
    assert set(map(tuple, (await tags(pg)).values())) == {()}
