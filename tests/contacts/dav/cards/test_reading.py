"""What is wrong with a card is repaired, for one that is refused stops a whole synchronisation."""

import re
from base64 import b64encode

import asyncpg
import pytest

from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.vcard.lines import MAX_CARD
from contactsvc.platform.errors import MalformedBody, PayloadTooLarge
from tests.contacts.dav.cards.support import card, contact, group, text

NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")

REPAIRED = {
    "no UID": card(""),
    "no FN": card().replace(b"FN:Ada Lovelace\r\n", b""),
    "no version": card().replace(b"VERSION:3.0\r\n", b""),
    "an odd version": card(version="5.1"),
    "an old version": card(version="2.1"),
    "not ended": card().replace(b"END:VCARD\r\n", b""),
    "cut off": card().replace(b"\r\nEND:VCARD\r\n", b""),
    "something before it": b"junk\r\n" + card(),
    "something behind it": card() + b"junk\r\n",
    "a bad line": card("ada", "no content line"),
    "Windows-1252": card("ada", "NOTE:Grüße").decode().encode("cp1252"),
    "UTF-16": card("ada", "NOTE:Grüße").decode().encode("utf-16"),
    "a byte order mark": b"\xef\xbb\xbf" + card(),
    "a NUL": card("ada", "NOTE:a\0b"),
    "what XML cannot have": card("ada", "X-OWN:a\x0bb\uffff"),
}


@pytest.mark.parametrize("sent", REPAIRED.values(), ids=REPAIRED)
async def test_others_are_given_the_card_in_order(
    cards: Cards, pg: asyncpg.Connection, sent: bytes
) -> None:
    result = await cards.put("ada", sent)
    assert (result.created, result.etag) == (True, None)
    assert (await contact(pg, "ada"))["first_name"] == "Ada"
    for version in ("3.0", "4.0"):
        given = await text(cards, "ada", version)
        assert given.startswith(f"BEGIN:VCARD\r\nVERSION:{version}\r\n")
        assert given.endswith("\r\nEND:VCARD\r\n")
        assert "\r\nUID:ada\r\n" in given
        assert "\r\nFN:Ada Lovelace\r\n" in given
        assert not NOT_IN_XML.search(given)
        # Who sends that back changes nothing.
        before = (await cards.get("ada")).etag
        await cards.put("ada", given.encode())
        assert (await cards.get("ada")).etag == before


@pytest.mark.parametrize("sent", [group("Friends", "a").replace(b"UID:group\r\n", b""),
                                  group("Friends", "a").replace(b"END:VCARD\r\n", b""),
                                  group("Friends", "a", version="2.1")])  # fmt: skip
async def test_so_is_the_card_of_a_group(cards: Cards, sent: bytes) -> None:
    result = await cards.put("group", sent)
    assert (result.created, result.etag) == (True, None)
    given = await text(cards, "group")
    assert given.endswith("\r\nEND:VCARD\r\n")
    assert "\r\nUID:group\r\n" in given
    assert "MEMBER:urn:uuid:a\r\n" in given


async def test_what_is_too_long_is_kept_beside_the_field(
    cards: Cards, pg: asyncpg.Connection
) -> None:
    sent = card("ada", f"TITLE:{'x' * 300}", "BDAY:2999-01-01", f"NOTE:{'y' * 11_000}")
    assert (await cards.put("ada", sent)).etag is not None, "the card itself is in order"
    row = await contact(pg, "ada")
    assert (len(row["title"]), row["birthday"], len(row["notes"])) == (200, None, 10_000)
    assert (await cards.get("ada")).text == sent
    in_4_0 = await text(cards, "ada", "4.0")
    assert "x" * 300 in in_4_0
    assert "2999-01-01" in in_4_0
    assert "y" * 11_000 in in_4_0


@pytest.mark.parametrize(
    ("line", "shown"),
    [("BDAY:1815-12-10", "?"), ("NOTE:An entry", "An entry"), ("X-OWN:x", "?"), ("REV:1", "?")],
)
async def test_who_has_no_name_gets_something_to_be_called_by(
    cards: Cards, pg: asyncpg.Connection, line: str, shown: str
) -> None:
    sent = f"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ada\r\nN:;;;;\r\nFN:\r\n{line}\r\nEND:VCARD\r\n"
    await cards.put("ada", sent.encode())
    assert (await contact(pg, "ada"))["display_name"] == shown


async def test_a_uid_that_is_too_long_is_cut(cards: Cards, pg: asyncpg.Connection) -> None:
    result = await cards.put("ada", card("u" * 300))
    assert result.etag is None
    assert await pg.fetchval("SELECT uid FROM contacts") == "u" * 200
    again = await cards.put("ada", card("u" * 300, "NOTE:changed"))
    assert not again.created


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"\r\n",
        b"junk",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"BEGIN:VCARD",
        b"END:VCARD",
        card("a") + card("b"),
        card("a") + card("b") + card("c"),
        card("a").replace(b"END:VCARD\r\n", b"") + card("b"),
        group("Friends", uid="a") + group("Others", uid="b"),
    ],
)
async def test_what_is_not_one_card_is_refused(cards: Cards, sent: bytes) -> None:
    with pytest.raises(MalformedBody):
        await cards.put("ada", sent)
    assert (await cards.changes(None, 1)).seq == 0


async def test_what_is_too_large_is_refused(cards: Cards) -> None:
    lines = ["X-OWN:x"] * 20_001
    for sent in (card("ada", "NOTE:" + "x" * MAX_CARD), card("ada", *lines)):
        with pytest.raises(PayloadTooLarge):
            await cards.put("ada", sent)


async def test_a_large_card_is_not_kept_as_it_came(cards: Cards, pg: asyncpg.Connection) -> None:
    lines = [f"X-OWN-{number}:{'x' * 1000}" for number in range(300)]
    assert (await cards.put("ada", card("ada", *lines))).etag is None
    assert len((await contact(pg, "ada"))["extra"]) == 300
    given = await text(cards, "ada")
    assert all(line in given for line in lines)


async def test_a_line_in_base64_that_is_no_picture(cards: Cards, pg: asyncpg.Connection) -> None:
    junk = b64encode(b"no picture at all").decode()
    sent = card("ada", f"PHOTO;ENCODING=b;TYPE=JPEG:{junk}")
    await cards.put("ada", sent)
    assert (await contact(pg, "ada"))["photo"] is None
    assert (await cards.get("ada")).text == sent
