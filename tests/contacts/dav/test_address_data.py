"""How much of a card is told."""

from datetime import UTC, datetime

import pytest

from contactsvc.contacts.dav.address_data import AddressData
from contactsvc.contacts.dav.cards.card import Card
from contactsvc.contacts.dav.hrefs import Hrefs
from contactsvc.contacts.dav.resources import Kind, Resource, Viewer

TEXT = (
    b"BEGIN:VCARD\r\nVERSION:3.0\r\nUID:ada\r\nN:Lovelace;Ada;;;\r\nFN:Ada Lovelace\r\n"
    b"item1.EMAIL;TYPE=WORK:ada@example.com\r\nitem1.X-ABLabel:Office\r\n"
    b"NOTE:first\r\n  and folded\r\nPHOTO;ENCODING=b:AAAA\r\n AAAA\r\nEND:VCARD\r\n"
)
VIEWER = Viewer(user_id=1, name="Grace", can_write=True, hrefs=Hrefs("https://example.com", 1))


def told(asked: AddressData, text: bytes | None = TEXT) -> str | None:
    card = Card("ada", '"1-1"', datetime.now(UTC), text)
    return asked.value(Resource(Kind.CARD, "/ada.vcf", VIEWER, card=card))


def lines(asked: AddressData) -> list[str]:
    found = told(asked)
    assert found is not None
    return found.split("&#13;\n")[:-1]


def test_all_of_it() -> None:
    assert told(AddressData()) == TEXT.decode().replace("\r", "&#13;")


ALWAYS = ["BEGIN:VCARD", "VERSION:3.0", "UID:ada", "N:Lovelace;Ada;;;", "FN:Ada Lovelace"]


@pytest.mark.parametrize(
    ("names", "more"),
    [
        ({"EMAIL"}, ["item1.EMAIL;TYPE=WORK:ada@example.com"]),
        ({"NOTE"}, ["NOTE:first", "  and folded"]),
        ({"UID", "FN"}, []),
        ({"X-NOTHING"}, []),
    ],
)
def test_what_is_wanted_of_it_and_what_makes_it_a_card(names: set[str], more: list[str]) -> None:
    assert lines(AddressData(properties=frozenset(names))) == [*ALWAYS, *more, "END:VCARD"]


def test_nothing_where_the_text_was_not_read() -> None:
    assert told(AddressData(), None) is None


def test_bytes_that_are_no_text_do_no_harm() -> None:
    assert told(AddressData(), b"NOTE:\xff\x00\x08!\r\n") == "NOTE:\ufffd!&#13;\n"
