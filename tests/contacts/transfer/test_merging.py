"""What a file adds to a contact that is there empties nothing and doubles nothing."""

from typing import Any

import pytest

from contactsvc.contacts.columns import of_new
from contactsvc.contacts.transfer.merging import merged


def row(**fields: Any) -> dict[str, Any]:
    return of_new({"first_name": "Ada"} | fields, "GB")


def entry(value: str, kind: str | None = None, label: str = "") -> dict[str, Any]:
    return {"value": value, "type": kind, "label": label}


def test_texts_replace_but_empty_ones_do_not() -> None:
    found = {"first_name": "", "nickname": "y", "favorite": False, "birthday": None, "uid": "u"}
    assert merged(row(nickname="x"), found) == {"nickname": "y"}


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
    fields = merged(there, found)
    assert fields["emails"] == [entry("a@example.com", "work"), entry("b@example.com")]
    assert [phone["type"] for phone in fields["phones"]] == ["home"]
    assert [custom["label"] for custom in fields["custom"]] == ["Pet", "cat"]


def test_what_has_no_room_is_a_content_line_once() -> None:
    there = row(urls=[entry(f"https://{n}.example") for n in range(20)], tags=list("abc"))
    found = {"urls": [entry("https://x.example", label="x")], "tags": [f"t{n}" for n in range(48)]}
    fields = merged(there, found)
    assert (len(fields["urls"]), len(fields["tags"])) == (20, 50)
    lines = ["X-CONTACTSVC-TAG:t47", "X-CONTACTSVC-URL:x: https://x.example"]
    assert sorted(fields["extra"]) == lines
    assert sorted(merged(there | {"extra": fields["extra"]}, found)["extra"]) == lines


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
    assert merged(row(extra=there), {"extra": found}).get("extra") == lines


def test_addresses_are_told_apart_by_their_parts() -> None:
    parts = dict.fromkeys(
        ("street", "extended", "po_box", "city", "region", "postal_code", "country"), ""
    )
    home = {**parts, "city": "London", "type": "home", "label": ""}
    other = {**home, "street": "1 Dorset Street", "type": None}
    fields = merged(row(addresses=[home]), {"addresses": [{**home, "city": "LONDON"}, other]})
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

    lines = merged(row(extra=there), {"extra": list(map(Line, found))})["extra"]
    assert lines == there + found
    assert compared < 5 * len(lines)
