"""What is told of a resource, as it was asked for."""

from datetime import UTC, datetime
from xml.etree.ElementTree import fromstring

import pytest

from contactsvc.contacts.dav.address_data import AddressData
from contactsvc.contacts.dav.cards.card import Card
from contactsvc.contacts.dav.hrefs import Hrefs
from contactsvc.contacts.dav.resources import Kind, Resource, Viewer
from contactsvc.contacts.dav.selection import Selection
from contactsvc.contacts.dav.xml.writer import MULTISTATUS, MULTISTATUS_END
from tests.contacts.dav.support import CS, DATA, D, Told, told

VIEWER = Viewer(user_id=1, name="Grace", can_write=True, hrefs=Hrefs("https://example.com", 1))
WHEN = datetime(2026, 1, 31, 12, tzinfo=UTC)


def of_card(wanted: Selection, text: bytes | None = None) -> Told:
    card = Resource(Kind.CARD, "/a.vcf", VIEWER, card=Card("a", '"1-1"', WHEN, text))
    return told(fromstring(f"{MULTISTATUS}{wanted.response(card)}{MULTISTATUS_END}"))["/a.vcf"]


def test_what_is_there_and_what_is_not() -> None:
    found = of_card(Selection((f"{D}getetag", f"{CS}getctag", "{x:}y")))

    assert found.text(f"{D}getetag") == '"1-1"'
    assert [*found.found] == [f"{D}getetag"]
    assert found.missing == {f"{CS}getctag": 404, "{x:}y": 404}


def test_what_is_not_there_may_be_passed_over() -> None:
    found = of_card(Selection((f"{D}getetag", "{x:}y"), is_brief=True))
    assert (len(found.found), found.missing) == (1, {})

    # A response says something, or it is none (RFC 4918, 14.24).
    assert of_card(Selection(("{x:}y",), is_brief=True)).missing == {"{x:}y": 404}


def test_an_empty_value_is_a_value() -> None:
    assert of_card(Selection((f"{D}resourcetype",))).text(f"{D}resourcetype") == ""


def test_nothing_in_particular() -> None:
    assert of_card(Selection(())).found == {}


def test_all_properties_of_rfc_4918() -> None:
    found = of_card(Selection())

    names = ("getcontenttype", "getetag", "getlastmodified", "resourcetype")
    assert found.found.keys() == {f"{D}{name}" for name in names}
    assert found.text(f"{D}getlastmodified") == "Sat, 31 Jan 2026 12:00:00 GMT"
    assert found.missing == {}


def test_more_than_all() -> None:
    found = of_card(Selection(included=(f"{D}owner", f"{D}getetag", "{x:}y")))

    assert f"{D}owner" in found.found
    assert len(found.found) == 5
    assert found.missing == {"{x:}y": 404}


def test_names_without_values() -> None:
    found = of_card(Selection(names_only=True))

    assert f"{D}getetag" in found.found
    assert f"{D}sync-token" not in found.found
    assert {each.text for each in found.found.values()} == {None}


@pytest.mark.parametrize("text", [b"BEGIN:VCARD\r\n", None])
def test_the_text_of_a_card(text: bytes | None) -> None:
    found = of_card(Selection((DATA,), address_data=AddressData()), text)

    if text is None:
        assert found.missing == {DATA: 404}
    else:
        assert found.text(DATA) == "BEGIN:VCARD\r\n"


def test_the_text_is_no_property_of_itself() -> None:
    """PROPFIND does not give it (RFC 6352, 10.4)."""
    assert of_card(Selection((DATA,)), b"x").missing == {DATA: 404}


def test_what_needs_texts() -> None:
    assert Selection((DATA,)).needs_text
    assert Selection((f"{D}getcontentlength",)).needs_text
    assert Selection(included=(f"{D}getcontentlength",)).needs_text
    for cheap in (Selection(), Selection((f"{D}getetag",)), Selection(names_only=True)):
        assert not cheap.needs_text
    assert of_card(Selection((f"{D}getcontentlength",)), b"12345").text(f"{D}getcontentlength") == (
        "5"
    )
