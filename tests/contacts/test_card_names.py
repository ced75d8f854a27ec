"""What contacts are called is nobody else's, by whatever way they come."""

from io import BytesIO

import asyncpg
import pytest

from contactsvc.contacts import card_names, key_renewal
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer.service import Importer, ImportOptions
from contactsvc.contacts.versions.repository import VersionRepository
from contactsvc.platform.caller import Caller
from contactsvc.platform.storage.pictures import Pictures
from tests.contacts.dav.cards.support import card, group, text


@pytest.mark.parametrize("uid", ["a", "A-1_b.c", "x" * 200, "...", "a.."])
def test_uids_that_are_names(uid: str) -> None:
    assert card_names.name_of_uid(uid) == uid
    assert card_names.kept_name(None, uid) is None
    assert card_names.kept_name(uid, uid) is None
    assert card_names.kept_name("other", uid) == "other"
    assert not card_names.is_missing({"uid": uid, "card_name": None})


@pytest.mark.parametrize("uid", [".", "..", "", "x" * 201, "a b", "a/b", "é", "a\n", "urn:uuid:a"])
def test_uids_that_have_a_digest(uid: str) -> None:
    name = card_names.name_of_uid(uid)
    assert name != uid
    assert card_names.is_plain(name)
    assert card_names.kept_name(None, uid) == name
    assert card_names.kept_name(uid, uid) == uid, "a client has chosen it"
    assert card_names.is_missing({"uid": uid, "card_name": None})
    assert not card_names.is_missing({"uid": uid, "card_name": name})


async def called(cards: Cards) -> dict[str, str]:
    """Return the UIDs of all cards by their names, of which each is found."""
    found = {}
    for each in (await cards.page(100)).rows:
        whole = await text(cards, each.name)
        [found[each.name]] = [line[4:] for line in whole.split("\r\n") if line.startswith("UID:")]
    return found


async def test_an_import_gives_other_names_where_theirs_are_taken(
    cards: Cards, owner: int, pictures: Pictures
) -> None:
    digest = card_names.name_of_uid("a b")
    await cards.put("name", card("x"))
    await cards.put("group", group("Friends", uid="y"))
    await cards.put(digest, card("z"))
    uids = ("name", "group", "a b", "c d", card_names.name_of_uid("c d"), "plain")
    file = BytesIO(b"".join(card(uid, name=f"Ada {uid}") for uid in uids))
    importer = Importer(owner, 1000, pictures, Caller("127.0.0.1", "test"), owner)
    report = await importer.run_file(file, ImportOptions())
    assert (report.created, report.failed) == (6, 0)

    found = await called(cards)
    assert len(found) == 9
    assert {name: found[name] for name in ("name", "group", digest, "plain")} == {
        "name": "x",
        "group": "y",
        digest: "z",
        "plain": "plain",
    }


async def test_a_new_contact_gets_another_name_where_its_is_taken(
    cards: Cards, contacts: ContactRepository
) -> None:
    await cards.put("name", card("x"))
    await contacts.create({"first_name": "Ada", "uid": "name"})
    await contacts.create({"first_name": "Bob", "uid": "other"})
    found = await called(cards)
    assert (found.pop("name"), found.pop("other")) == ("x", "other")
    assert [*found.values()] == ["name"]


async def test_the_renewal_of_older_rows_gives_other_names_where_theirs_are_taken(
    cards: Cards, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    digest = card_names.name_of_uid("a b")
    await cards.put(digest, card("z"))
    await contacts.create({"first_name": "Ada", "uid": "a b"})
    await contacts.create({"first_name": "Bob", "uid": "c d"})
    older = "UPDATE contacts SET card_name = NULL, derived_version = NULL WHERE uid <> 'z'"
    await pg.execute(older)
    assert await key_renewal.renew_contacts(None) == 2
    found = await called(cards)
    assert (found[digest], found[card_names.name_of_uid("c d")]) == ("z", "c d")
    assert set(found.values()) == {"z", "a b", "c d"}


async def test_a_name_stays_whatever_becomes_of_its_contact(
    cards: Cards, contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    await cards.put("some name", card("x", "NOTE:first"))
    contact_id = await pg.fetchval("SELECT id FROM contacts")
    await contacts.change(contact_id, {"notes": "second"})
    await VersionRepository(owner, None, 10).restore(contact_id, 1)
    assert await called(cards) == {"some name": "x"}
    assert "NOTE:first\r\n" in await text(cards, "some name")
