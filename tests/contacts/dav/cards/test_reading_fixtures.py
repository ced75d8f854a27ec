"""What programs really write becomes contacts, and what others then read changes nothing."""

import random
import re
from typing import Final

import pytest

from contactsvc.contacts.dav.cards.service import Cards
from contactsvc.contacts.vcard.writer import Version
from contactsvc.platform.errors import ServiceError
from tests.support.cards import FIXTURES

CARD = re.compile(rb"BEGIN:VCARD.*?END:VCARD\r?\n?", re.DOTALL | re.IGNORECASE)
FILES = {file.stem: file.read_bytes() for file in sorted(FIXTURES.glob("*.vcf"))}
GROUP, NOT_ONE = "05-apple-group", "25-one-broken-of-three"
VERSIONS: Final[tuple[Version, ...]] = ("3.0", "4.0")
MANGLED = 20
"""Cards of each file that are broken at a few places."""


@pytest.mark.parametrize("file", sorted(FILES.keys() - {GROUP, NOT_ONE}))
async def test_whoever_sends_back_what_they_got_changes_nothing(file: str, cards: Cards) -> None:
    """But of a group, which is kept as it came in either version."""
    for number, sent in enumerate(CARD.findall(FILES[file])[:25]):
        name = f"card{number}"
        result = await cards.put(name, sent)
        assert result.created
        first = await cards.get(name, "3.0")
        if result.etag is not None:
            assert first.etag == result.etag
        for version in VERSIONS:
            given = (await cards.get(name, version)).text
            assert given is not None
            await cards.put(name, given)
            again = await cards.get(name, version)
            assert again.etag == first.etag, (sent, given)


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
async def test_no_card_breaks_anything(file: str, cards: Cards) -> None:
    choice = random.Random(file)
    found = CARD.findall(FILES[file]) or [FILES[file][:10_000]]
    for number in range(MANGLED):
        sent = bytearray(choice.choice(found)[:20_000])
        for _ in range(choice.randrange(1, 8)):
            place = choice.randrange(len(sent))
            sent[place : place + choice.randrange(4)] = choice.choice(
                [b"", b"\0", b"\xff", b":", b";", b"\r\n", b"\\", b'"', b"=", b"END:VCARD\r\n"]
            )
        try:
            result = await cards.put(f"card{number % 5}", bytes(sent))
        except ServiceError:
            continue
        for version in VERSIONS:
            text = (await cards.get(result.name, version)).text
            assert text is not None
            text.decode()
