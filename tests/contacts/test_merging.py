"""What a file adds to a contact that is there empties nothing and doubles nothing."""

from typing import Any

import pytest

from contactsvc.contacts.columns import of_new
from contactsvc.contacts.merging import absorbed, merged
from contactsvc.contacts.transfer.content_lines import MAX_EXTRA
from contactsvc.contacts.transfer.records import ReadContact
from contactsvc.contacts.vcard.contact import from_contact, to_read_contact
from contactsvc.contacts.vcard.extra import AS_READ
from contactsvc.contacts.vcard.writer import write_card
from tests.support.cards import read_one


def row(**fields: Any) -> dict[str, Any]:
    return of_new({"first_name": "Ada"} | fields, "GB")


def read_card(*lines: str) -> ReadContact:
    return to_read_contact(read_one("\n".join(["BEGIN:VCARD", *lines, "END:VCARD"]).encode()))


def written(fields: dict[str, Any]) -> list[str]:
    card = write_card(from_contact(fields, fields["extra"]), "4.0")
    return card.decode().split("\r\n")[2:-2]


def entry(value: str, kind: str | None = None, label: str = "") -> dict[str, Any]:
    return {"value": value, "type": kind, "label": label}


def test_texts_replace_but_empty_ones_do_not() -> None:
    found = {"first_name": "", "nickname": "y", "favorite": False, "birthday": None, "uid": "u"}
    assert merged(row(nickname="x"), found).fields == {"nickname": "y"}


def test_entries_that_say_the_same_are_one() -> None:
    there = row(
        emails=[entry("a@example.com")],
        phones=[entry("020 7946 0958", "home")],
        custom=[{"label": "Pet", "value": "Rex"}],
    )
    found = {
        "emails": [entry("A@example.com", "work"), entry("b@example.com")],
        "phones": [{**entry("+442079460958", "work"), "e164": "+442079460958"}],
        "custom": [{"label": "pet", "value": "rex"}, {"label": "cat", "value": "Rex"}],
    }
    fields = merged(there, found).fields
    assert fields["emails"] == [entry("a@example.com", "work"), entry("b@example.com")]
    assert [phone["type"] for phone in fields["phones"]] == ["home"]
    assert [custom["label"] for custom in fields["custom"]] == ["Pet", "cat"]


def test_what_has_no_room_is_a_content_line_once() -> None:
    there = row(urls=[entry(f"https://{n}.example") for n in range(20)], tags=list("abc"))
    found = {"urls": [entry("https://x.example", label="x")], "tags": [f"t{n}" for n in range(48)]}
    fields = merged(there, found).fields
    assert (len(fields["urls"]), len(fields["tags"])) == (20, 50)
    lines = ["X-CONTACTSVC-TAG:t47", "X-CONTACTSVC-URL:x: https://x.example"]
    assert sorted(fields["extra"]) == lines
    assert sorted(merged(there | {"extra": fields["extra"]}, found).fields["extra"]) == lines


@pytest.mark.parametrize(
    ("there", "found", "lines"),
    [
        (None, [], None),
        (["X-A:1"], [], ["X-A:1"]),
        (["X-A:1"], ["X-A:1", "X-A:2"], ["X-A:1", "X-A:2"]),
        (["REV:1", "X-B:1"], ["item1.rev;TYPE=x:2"], ["X-B:1", "item1.rev;TYPE=x:2"]),
    ],
)
def test_lines_are_united_but_for_what_a_card_has_once(
    there: list[str] | None, found: list[str], lines: list[str] | None
) -> None:
    assert merged(row(extra=there), {"extra": found}).fields.get("extra") == lines


def test_what_is_written_of_both_is_what_each_has_said() -> None:
    """Both have called a group ``item1``, and each has a name of one person."""
    cards = [
        ("N;LANGUAGE=de:Lovelace;Ada;;;", "item1.ADR:;;1 Dorset Street;;;;", "item1.X-ABADR:gb"),
        ("N;LANGUAGE=en:Lovelace;Ada;;;", "item1.ADR:;;2 Rue Royale;;;;", "item1.X-ABADR:fr"),
    ]
    there, found = (read_card(*lines) for lines in cards)
    contact = row(**there.fields, extra=there.extra)
    given = of_new(dict(found.fields), None)["details"]

    fields = merged(contact, {**found.fields, **given, "extra": found.extra}).fields

    assert sorted(written({**there.fields, **fields})) == [
        "FN:Ada Lovelace",
        "N;LANGUAGE=en:Lovelace;Ada;;;",
        "item1.ADR:;;1 Dorset Street;;;;",
        "item1.X-ABADR:gb",
        "item2.ADR:;;2 Rue Royale;;;;",
        "item2.X-ABADR:fr",
    ]


def test_the_same_lines_again_change_nothing() -> None:
    lines = [f"{AS_READ}:N;X=1:Lovelace;Ada;;;", f"{AS_READ}:item1.TEL:1", "item1.X-A:1", "REV:1"]
    lines.append("X-B:2")
    assert merged(row(extra=lines), {"extra": lines}).fields["extra"] == lines


def test_lines_without_room_are_counted_and_take_none_from_those_that_are_there() -> None:
    there = ["X-A:" + "a" * (MAX_EXTRA - 20)]
    found = [f"{AS_READ}:TEL;TYPE=voice:1", "X-C:2", "X-D:" + "d" * 20]

    assert merged(row(extra=there), {"extra": found}) == ({"extra": [*there, "X-C:2"]}, 2)


def test_addresses_are_told_apart_by_their_parts() -> None:
    parts = dict.fromkeys(
        ("street", "extended", "po_box", "city", "region", "postal_code", "country"), ""
    )
    home = {**parts, "city": "London", "type": "home", "label": ""}
    other = {**home, "street": "1 Dorset Street", "type": None}
    fields = merged(
        row(addresses=[home]), {"addresses": [{**home, "city": "LONDON"}, other]}
    ).fields
    assert fields["addresses"] == [home, other]


def test_many_lines_are_united_one_by_one() -> None:
    """Each is looked up at once: to search the list for each takes minutes where they are many."""
    there, found = ([f"X-{side}:{n}" for n in range(1000)] for side in "AB")
    compared = 0

    class Line(str):
        __slots__ = ()
        __hash__ = str.__hash__

        def __eq__(self, other: object) -> bool:
            nonlocal compared
            compared += 1
            return str.__eq__(self, other)

    lines = merged(row(extra=there), {"extra": list(map(Line, found))}).fields["extra"]
    assert lines == there + found
    assert compared < 5 * len(lines)


def test_of_two_that_are_there_the_first_ones_texts_stay() -> None:
    there = row(last_name="Lovelace", notes="One.", tags=["a"], birthday="--12-10")
    other = row(first_name="Augusta", nickname="x", notes="Two.", tags=["A", "b"], favorite=True)
    columns = absorbed(there, other | {"photo": "digest"}, "GB")
    assert columns is not None
    assert (columns["first_name"], columns["last_name"], columns["nickname"]) == (
        *("Ada", "Lovelace"),
        "x",
    )
    assert (columns["notes"], columns["tags"]) == ("One.\n\nTwo.", ["a", "b"])
    assert (columns["birthday"], columns["favorite"], columns["photo"]) == (
        "--12-10",
        True,
        "digest",
    )
    assert (columns["uid"], columns["display_name"]) == (there["uid"], "Ada Lovelace")


def test_one_that_says_nothing_more_changes_nothing() -> None:
    there = row(notes="All that was said.\n\nAnd more.", emails=[entry("a@example.com", "work")])
    assert absorbed(there, row(notes="all", emails=[entry("A@example.com")]), "GB") is not None
    for notes in ("", " \n", "And more.", " said.\n"):
        assert absorbed(there, row(notes=notes, emails=[entry("A@example.com")]), "GB") is None


def test_lines_of_what_a_card_has_once_are_the_first_ones() -> None:
    lines = [f"{AS_READ}:N;LANGUAGE=en:Lovelace;Ada;;;", "GENDER:F", "X-A:1"]
    others = [f"{AS_READ}:N;LANGUAGE=de:King;Augusta;;;", "KIND:individual", "GENDER:O", "X-A:2"]
    columns = absorbed(row(extra=lines), row(extra=others), "GB")
    assert columns is not None
    assert columns["extra"] == [*lines, "KIND:individual", "X-A:2"]


def test_notes_without_room_are_a_content_line() -> None:
    there, other = row(notes="a" * 9_999), row(notes="b\nc")
    columns = absorbed(there, other, "GB")
    assert columns is not None
    assert (columns["notes"], columns["extra"]) == (there["notes"], ["X-CONTACTSVC-NOTES:b\\nc"])
