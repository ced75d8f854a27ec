"""Cards are found by name, listed and followed, as contacts are changed by other ways."""

import asyncpg
import pytest

from contactsvc.contacts import card_names
from contactsvc.contacts.changes.repository import Place
from contactsvc.contacts.dav.cards.card import Card, RemovedCard
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.errors import CursorExpired, NotFound

URN = "urn:uuid:5f0c1c9e-1815-4a00-9f00-000000000007"


async def add(contacts: ContactRepository, *uids: str) -> list[int]:
    """Add a contact for each uid, and return their ids."""
    rows = [await contacts.create({"first_name": f"Ada {uid}", "uid": uid}) for uid in uids]
    return [row["id"] for row, _ in rows]


async def test_a_card_is_called_by_its_uid(cards: Cards, contacts: ContactRepository) -> None:
    [contact_id] = await add(contacts, "ada")
    card = await cards.get("ada")
    assert (card.name, card.etag) == ("ada", f'"{contact_id}-1"')
    assert card.text is not None
    assert card.text.startswith(b"BEGIN:VCARD\r\nVERSION:3.0\r\n")
    assert b"\r\nUID:ada\r\n" in card.text
    in_4_0 = (await cards.get("ada", "4.0")).text
    assert in_4_0 is not None
    assert b"\r\nVERSION:4.0\r\n" in in_4_0


async def test_a_uid_that_is_no_segment_of_a_url_has_a_digest(
    cards: Cards, contacts: ContactRepository
) -> None:
    uids = (URN, "a b", "a/b", "..", "ü", "a@b")
    await add(contacts, *uids)
    called = [card.name for card in (await cards.page(10)).rows]
    assert called == [card_names.name_of_uid(uid) for uid in uids]
    assert all(len(name) == 64 and name.isalnum() for name in called)
    for name, uid in zip(called, uids, strict=True):
        text = (await cards.get(name)).text
        assert text is not None
        assert f"\r\nUID:{uid}\r\n".encode() in text
    with pytest.raises(NotFound):
        await cards.get(URN)


async def test_a_change_gives_another_etag(cards: Cards, contacts: ContactRepository) -> None:
    [contact_id] = await add(contacts, "ada")
    before = await cards.get("ada")
    await contacts.change(contact_id, {"notes": "changed"})
    after = await cards.get("ada")
    assert (before.etag, after.etag) == (f'"{contact_id}-1"', f'"{contact_id}-2"')
    assert after.modified > before.modified


async def test_nobody_sees_other_peoples_cards(
    cards: Cards, contacts: ContactRepository, foreign: ContactRepository
) -> None:
    await add(foreign, "theirs")
    await add(contacts, "mine")
    assert [card.name for card in (await cards.page(10)).rows] == ["mine"]
    assert [card.name for card in await cards.among(["theirs", "mine"])] == ["mine"]
    with pytest.raises(NotFound):
        await cards.get("theirs")
    assert [item.name for item in (await cards.changes(None, 10)).items] == ["mine"]


async def test_an_empty_book(cards: Cards) -> None:
    assert (await cards.page(10, with_text=True)).rows == []
    assert await cards.among(["ada"]) == []
    found = await cards.changes(None, 10, with_text=True)
    assert (found.items, found.has_more, found.seq) == ([], False, 0)
    assert (await cards.changes(found.place, 10)).place == found.place


@pytest.mark.parametrize("with_text", [False, True])
async def test_pages_have_every_card_once(
    cards: Cards, contacts: ContactRepository, with_text: bool
) -> None:
    uids = [f"uid{number}" for number in range(7)]
    await add(contacts, *uids)
    found: list[Card] = []
    after = None
    for _ in range(10):
        page = await cards.page(3, after, with_text=with_text)
        found += page.rows
        assert len(page.rows) <= 3
        if (after := page.next_position) is None:
            break
    assert [card.name for card in found] == uids
    assert all((card.text is not None) == with_text for card in found)


async def test_those_that_are_there_come_in_the_order_of_their_names(
    cards: Cards, contacts: ContactRepository
) -> None:
    await add(contacts, "a", "b", "c")
    for with_text in (False, True):
        found = await cards.among(["c", "x", "a", "c"], with_text=with_text)
        assert [card.name for card in found] == ["c", "a"]
        assert all((card.text is not None) == with_text for card in found)


class Copy:
    """What a client has that follows the changes."""

    def __init__(self, cards: Cards, limit: int = 2) -> None:
        self._cards, self._limit = cards, limit
        self.etags: dict[str, str] = {}
        self.place: Place | None = None

    async def follow(self) -> list[str]:
        """Read all changes, and return the names that were told."""
        told: list[str] = []
        while True:
            found = await self._cards.changes(self.place, self._limit)
            self.place = found.place
            for item in found.items:
                told.append(item.name)
                if isinstance(item, RemovedCard):
                    self.etags.pop(item.name, None)
                else:
                    self.etags[item.name] = item.etag
            if not found.has_more:
                return told


async def there(cards: Cards) -> dict[str, str]:
    return {card.name: card.etag for card in (await cards.page(1000)).rows}


async def test_a_copy_follows_all_that_becomes_of_contacts(
    cards: Cards, contacts: ContactRepository
) -> None:
    ids = await add(contacts, "a", "b", "c", URN)
    copy = Copy(cards)
    assert len(await copy.follow()) == 4
    assert await copy.follow() == []

    await contacts.change(ids[1], {"notes": "changed"})
    assert await copy.follow() == ["b"]

    await contacts.delete(ids[0])
    await contacts.delete(ids[3])
    assert await copy.follow() == ["a", card_names.name_of_uid(URN)]
    assert copy.etags == await there(cards)


async def test_a_name_that_is_there_again_is_not_told_as_gone(
    cards: Cards, contacts: ContactRepository
) -> None:
    [first] = await add(contacts, "a")
    copy = Copy(cards, limit=10)
    await copy.follow()
    for _ in range(3):
        await contacts.delete(first)
        [first] = await add(contacts, "a")
    assert await copy.follow() == ["a"]
    assert copy.etags == await there(cards)

    await contacts.delete(first)
    assert await copy.follow() == ["a"]
    assert copy.etags == {}


async def test_a_place_before_what_is_forgotten_is_refused(
    cards: Cards, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    await add(contacts, "a", "b")
    place = (await cards.changes(None, 1)).place
    await pg.execute("UPDATE address_books SET oldest_seq = 3, seq = 3")
    with pytest.raises(CursorExpired):
        await cards.changes(place, 10)
    with pytest.raises(CursorExpired):
        await cards.changes(Place(9, 0, 9), 10)


async def test_what_an_older_release_has_added_gets_its_name_when_it_is_listed(
    cards: Cards, contacts: ContactRepository, pg: asyncpg.Connection, owner: int
) -> None:
    ids = await add(contacts, "a", "b", "c")
    copy = Copy(cards)
    await copy.follow()
    older = "UPDATE contacts SET uid = $2, derived_version = NULL, details = NULL WHERE id = $1"
    await pg.execute(older, ids[0], None)
    await pg.execute("UPDATE contacts SET uid = $2, card_name = NULL WHERE id = $1", ids[1], URN)

    for card in (await cards.page(10)).rows:
        assert (await cards.get(card.name)).etag == card.etag
    assert await there(cards) != copy.etags
    await copy.follow()
    assert set(copy.etags) >= set(await there(cards))
