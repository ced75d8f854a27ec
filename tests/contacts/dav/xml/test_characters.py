"""What XML cannot have is left out of texts and of bytes alike."""

import sys
from xml.etree.ElementTree import ParseError, fromstring

import pytest

from contactsvc.contacts.dav.xml.characters import legal, legal_utf8

ILLEGAL = "\x00\x08\x0b\x0c\x0e\x1f\ufffe\uffff"


@pytest.mark.parametrize("text", ["", "a\t\r\nb", "\x7f\x85\ud7ff\ue000\ufffd", "\U0010ffff"])
def test_what_xml_can_have_stays(text: str) -> None:
    assert legal(text) == text
    assert legal_utf8(text.encode()) == text.encode()


@pytest.mark.parametrize("character", ILLEGAL)
def test_what_it_cannot_have_goes(character: str) -> None:
    with pytest.raises(ParseError):
        fromstring(f"<a>{character}</a>")
    assert legal(f"a{character}b") == "ab"
    assert legal_utf8(f"a{character}b".encode()) == b"ab"


@pytest.mark.slow
def test_both_leave_the_same() -> None:
    every = "".join(chr(code) for code in range(sys.maxunicode + 1) if not 0xD800 <= code < 0xE000)

    assert legal_utf8(every.encode()).decode() == legal(every)
