"""Semicolons that Thunderbird sends back."""

import tracemalloc

import asyncpg
import pytest

from contactsvc.contacts.dav.cards.semicolons import mended
from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.vcard.envelopes import MAX_LINES
from contactsvc.contacts.vcard.lines import MAX_CARD
from tests.contacts.dav.cards.support import card, contact, text


@pytest.mark.parametrize(
    "note", ["a; b", r"a\; b", r"C:\temp;D:", "a;b; c;", r"many \\\; of them"], ids=repr
)
async def test_a_text_stays_as_it_is_however_often_thunderbird_sends_it(
    cards: Cards, pg: asyncpg.Connection, note: str
) -> None:
    await cards.put("ada.vcf", card("ada", f"NOTE:{_escaped(note)}"))
    sent = await text(cards, "ada.vcf")

    for _ in range(2):
        # What it leaves as it is: a backslash before a semicolon. What it escapes: backslashes.
        line = next(line for line in sent.splitlines() if line.startswith("NOTE:"))
        understood = line.removeprefix("NOTE:").replace("\\\\", "\0").replace("\\,", ",")
        back = understood.replace("\0", "\\").replace("\\", "\\\\")
        await cards.put("ada.vcf", card("ada", f"NOTE:{back}"))
        sent = await text(cards, "ada.vcf")

    assert (await contact(pg, "ada"))["notes"] == note


async def test_parts_of_a_name_end_where_they_ended(cards: Cards, pg: asyncpg.Connection) -> None:
    sent = card("ada").replace(b"N:Lovelace;Ada;;;", rb"N:Love\\;Ada;;;")

    await cards.put("ada.vcf", sent)

    assert (await contact(pg, "ada"))["last_name"] == "Love\\"
    assert (await contact(pg, "ada"))["first_name"] == "Ada"


async def test_vcard_4_needs_no_escaped_semicolons(cards: Cards, pg: asyncpg.Connection) -> None:
    await cards.put("ada.vcf", card("ada", r"NOTE:a\\;b", version="4.0"))

    assert (await contact(pg, "ada"))["notes"] == r"a\;b"


async def test_a_folded_line_is_mended_too(cards: Cards, pg: asyncpg.Connection) -> None:
    await cards.put("ada.vcf", card("ada", "NOTE:a\\\r\n \\;b"))

    assert (await contact(pg, "ada"))["notes"] == "a;b"


@pytest.mark.parametrize(
    "part", [b";", b"\\", rb"\\;", rb"\;", rb"\\x"], ids=lambda part: part.decode()
)
@pytest.mark.own_app
async def test_a_large_card_takes_little_memory(part: bytes) -> None:
    content = part * (MAX_CARD // len(part) // 16)
    sent = card("ada", r"NOTE:a\\;b").replace(b"NOTE:", b"NOTE:" + content)
    tracemalloc.start()
    try:
        understood = mended(sent)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert understood != sent
    assert peak < 8 * len(sent)


async def test_a_card_of_so_many_lines_that_it_is_refused_is_not_mended() -> None:
    sent = card("ada", r"NOTE:a\\;b", *["X:"] * MAX_LINES)

    assert mended(sent) is sent


def _escaped(note: str) -> str:
    return note.replace("\\", "\\\\").replace(";", "\\;")
