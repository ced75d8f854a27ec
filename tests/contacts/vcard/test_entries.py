"""Entries of lists and properties say the same, as far as entries can."""

from typing import Any

import pytest

from contactsvc.contacts.vcard.card import Property
from contactsvc.contacts.vcard.entries import entry_of, likeness, property_of, renewed, says_all

ADDRESS = ("po_box", "extended", "street", "city", "region", "postal_code", "country")


def entry(value: str, kind: str | None = None, label: str = "") -> dict[str, Any]:
    return {"value": value, "type": kind, "label": label}


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        ((), None),
        (("cell", "voice"), "mobile"),
        (("home", "fax"), "fax"),
        (("pager", "work"), "pager"),
        (("voice", "home"), "home"),
    ],
)
def test_a_phone_has_the_type_that_says_most(types: tuple[str, ...], kind: str | None) -> None:
    assert entry_of(Property("TEL", "1", types=types)) == entry("1", kind)


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("emails", Property("EMAIL", "a@b.example", types=("home",), label="L")),
        ("phones", Property("TEL", "1", types=("cell",))),
        ("urls", Property("URL", "https://a.example", types=("other",))),
        ("addresses", Property("ADR", parts=tuple("1234567"), types=("work",), label="L")),
        ("dates", Property("X-ABDATE", "--02-29", label="L")),
        ("dates", Property("ANNIVERSARY", "2010-06-12")),
        ("relations", Property("RELATED", "Bo", label="Spouse")),
        ("custom", Property("X-CUSTOM", "seat 14C", label="L")),
    ],
)
def test_an_entry_is_made_into_the_property_that_it_was(name: str, known: Property) -> None:
    made = property_of(name, entry_of(known))

    assert made == known
    assert says_all(known, entry_of(known))


@pytest.mark.parametrize(
    "known",
    [
        Property("TEL", "1", types=("cell", "voice")),
        Property("TEL", "1", types=("main",)),
        Property("TEL", "1", pref=1),
        Property("TEL", "1", group="a"),
        Property("TEL", "1", parameters=("PID=1",)),
        Property("EMAIL", "MAILTO:a@b.example"),
        Property("X-ABDATE", "2010-06-12T00:00"),
        Property("RELATED", "Bo", types=("child", "kin")),
        Property("RELATED", "Bo", types=("kin",), label="Child"),
        Property("ADR", parts=tuple("12345678")),
    ],
)
def test_some_properties_say_more_than_their_entries(known: Property) -> None:
    assert not says_all(known, entry_of(known))


def test_types_of_a_relation_are_its_label() -> None:
    known = Property("RELATED", "Bo", types=("spouse",))

    assert entry_of(known) == {"value": "Bo", "label": "Spouse"}
    assert says_all(known, entry_of(known))


@pytest.mark.parametrize(
    ("one", "other"),
    [("tel:+1-418;ext=5", "+1 418 ext 5"), ("A@b.Example", "a@b.example"), ("☎", " ☎")],
)
def test_entries_are_alike_whatever_the_punctuation(one: str, other: str) -> None:
    assert likeness(entry(one)) == likeness(entry(other)) != likeness(entry("x"))


KEPT = Property(
    "TEL", "tel:+1-418", types=("home", "voice"), pref=1, group="a", parameters=("VALUE=uri", "P=1")
)


@pytest.mark.parametrize(
    ("now", "written"),
    [
        (entry("+1-418", "home"), KEPT),
        (entry("+1 418", "home"), KEPT._replace(value="+1 418", parameters=("P=1",))),
        (entry("+1-418", "mobile"), KEPT._replace(types=("cell",))),
        (entry("+1-418", "home", "L"), KEPT._replace(label="L")),
    ],
)
def test_what_has_not_changed_is_as_it_was_read(now: dict[str, Any], written: Property) -> None:
    assert renewed(KEPT, "phones", now) == written


def test_a_type_that_somebody_has_typed_is_a_label() -> None:
    kept = Property("TEL", "1", types=("voice", "x-boat"))
    now = entry_of(kept)

    assert now == entry("1", None, "Boat")
    assert entry_of(kept._replace(label="Ship"))["label"] == "Ship"
    assert renewed(kept, "phones", now) == kept
    changed = renewed(kept, "phones", now | {"label": "Ship"})
    assert changed == kept._replace(types=("voice",), label="Ship")
    assert renewed(kept, "phones", now | {"label": ""}) == Property("TEL", "1", types=("voice",))
    changed = renewed(kept, "phones", now | {"type": "work"})
    assert changed == Property("TEL", "1", types=("work",), label="Boat")


def test_a_relation_that_is_called_otherwise_has_its_types_no_more() -> None:
    kept = Property("RELATED", "Bo", types=("spouse", "kin"))

    changed = renewed(kept, "relations", {"value": "Bo", "label": "Partner"})

    assert changed == Property("RELATED", "Bo", label="Partner")


def test_parts_of_an_address_that_have_no_field_are_kept() -> None:
    kept = Property("ADR", parts=tuple("12345678"))
    now = entry_of(kept) | {"city": "X"}

    assert renewed(kept, "addresses", now).parts == ("1", "2", "3", "X", "5", "6", "7", "8")
