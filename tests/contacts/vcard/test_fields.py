"""Names and other fields, and what a card shows for them."""

from typing import Any

import pytest

from contactsvc.contacts.keys import display_name
from contactsvc.contacts.vcard.card import Property
from contactsvc.contacts.vcard.fields import (
    FAMILIES,
    Family,
    are_said,
    chosen,
    is_said,
    shown_name,
)

NOTHING = dict.fromkeys(
    ("prefix", "first_name", "middle_name", "last_name", "suffix", "organization", "nickname"), ""
)


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"prefix": "Dr.", "first_name": "A", "middle_name": "B", "last_name": "C", "suffix": "D"},
        {"organization": "O", "nickname": "N", "emails": [{"value": "a@b.example"}]},
        {"nickname": "N"},
        {"phones": [{"value": "1"}], "emails": [{"value": "a@b.example"}]},
        {"phones": [{"value": "1"}]},
    ],
)
def test_a_card_is_shown_as_its_contact_is(fields: dict[str, Any]) -> None:
    firsts = {
        name: (fields.get(plural) or [{"value": None}])[0]["value"]
        for name, plural in (("email", "emails"), ("phone", "phones"))
    }

    assert shown_name(fields) == display_name(NOTHING | fields | firsts)


def read(key: str, *found: Property, **others: Any) -> tuple[Family, dict[str, Any]]:
    family = FAMILIES[key]
    return family, family.reads(found, others)


@pytest.mark.parametrize(
    ("key", "known", "fields"),
    [
        ("UID", Property("UID", "u"), {"uid": "u"}),
        (
            "N",
            Property("N", parts=("L", "", "M", "", "")),
            {"last_name": "L", "middle_name": "M"},
        ),
        ("N", Property("FN", "A B"), {"first_name": "A", "last_name": "B"}),
        ("NICKNAME", Property("NICKNAME", parts=("A,b",)), {"nickname": "A,b"}),
        ("ORG", Property("ORG", parts=("", "D")), {"department": "D"}),
        ("TITLE", Property("TITLE", "T"), {"title": "T"}),
        ("BDAY", Property("BDAY", "--02-29"), {"birthday": "--02-29"}),
        ("NOTE", Property("NOTE", "a\nb"), {"notes": "a\nb"}),
        (
            "CATEGORIES",
            Property("CATEGORIES", parts=("a", "starred")),
            {"tags": ["a"], "favorite": True},
        ),
    ],
)
def test_fields_say_what_a_property_does(key: str, known: Property, fields: dict[str, Any]) -> None:
    family, found = read(key, known)

    assert found == fields
    assert is_said(family, [known], found)
    assert are_said(family, [known], found)
    assert not are_said(family, [known], dict.fromkeys(fields, "other"))


@pytest.mark.parametrize(
    ("key", "found"),
    [
        ("N", [Property("FN", "Wit, Anouk")]),
        ("N", [Property("N", parts=("L", "F", "", "", "")), Property("FN", "F. L.")]),
        ("NICKNAME", [Property("NICKNAME", parts=("A", "B"))]),
        ("ORG", [Property("ORG", parts=("A", "B", "C"))]),
        ("TITLE", [Property("TITLE", "T", parameters=("LANGUAGE=de",))]),
        ("BDAY", [Property("BDAY", "19531015T231000Z")]),
        ("NOTE", [Property("NOTE", "a"), Property("NOTE", "b")]),
        ("CATEGORIES", [Property("CATEGORIES", parts=(tag,)) for tag in "aba"]),
    ],
)
def test_some_properties_say_more_than_their_fields(key: str, found: list[Property]) -> None:
    family, fields = read(key, *found)

    assert not is_said(family, found, fields)
    assert are_said(family, found, fields)


def test_white_space_and_forms_of_characters_are_no_change() -> None:
    kept = [Property("TITLE", "Cafe\u0301  owner ")]

    assert are_said(FAMILIES["TITLE"], kept, {"title": "Café owner"})
    assert not are_said(FAMILIES["TITLE"], kept, {"title": "cafe owner"})


@pytest.mark.parametrize(
    "others",
    [
        {"organization": "Harbour Bakery"},
        {"nickname": "Harbour Bakery"},
        {"emails": [{"value": "Harbour Bakery"}]},
    ],
)
def test_what_is_shown_is_no_name_where_another_field_says_it(others: dict[str, Any]) -> None:
    assert read("N", Property("FN", "Harbour Bakery"), **others)[1] == {}


def test_a_family_takes_the_most_preferred_or_all() -> None:
    titles = [Property("TITLE", "a"), Property("TITLE", "b", pref=1)]
    notes = [Property("NOTE", "a"), Property("NOTE", "b", pref=1)]

    assert chosen(FAMILIES["TITLE"], titles) == titles[1:]
    assert chosen(FAMILIES["NOTE"], notes) == notes
