"""Files as programs write them, and as nobody should."""

import tracemalloc
from collections.abc import Iterator
from typing import Any

import pytest

from contactsvc.contacts.transfer.records import Unreadable
from contactsvc.contacts.vcard.card import Card, Property
from contactsvc.contacts.vcard.content_lines import MAX_CONTENT_LINES
from contactsvc.contacts.vcard.dates import read_date
from contactsvc.contacts.vcard.envelopes import NOT_ENDED, STRAY, TOO_LARGE
from contactsvc.contacts.vcard.lines import MAX_CARD
from contactsvc.contacts.vcard.reader import MAX_REMARKS, read_cards, read_lines
from tests.support.cards import EXPECTED, FIXTURES, read_one

NAME = ("family", "given", "additional", "prefixes", "suffixes")
ADDRESS = ("po_box", "extended", "street", "city", "region", "postal_code", "country")
LISTS = {
    "emails": "EMAIL",
    "phones": "TEL",
    "addresses": "ADR",
    "urls": "URL",
    "dates": "X-ABDATE",
    "relations": "RELATED",
}
TEXTS = {"uid": "UID", "title": "TITLE", "role": "ROLE", "notes": "NOTE", "kind": "KIND"}


def shown(card: Card) -> dict[str, Any]:
    """Return a card as expected.json shows it: without what it does not have."""
    name, fn, org = card.first("N"), card.first("FN"), card.first("ORG")
    days = {"birthday": card.first("BDAY"), "anniversary": card.first("ANNIVERSARY")}
    photo = card.first("PHOTO")
    is_company = any(each.raw == "X-ABShowAs:COMPANY" for each in card.properties)
    found: dict[str, Any] = {
        "org": list(org.parts) if org else [],
        "nicknames": [part for each in card.all("NICKNAME") for part in each.parts],
        "categories": [part for each in card.all("CATEGORIES") for part in each.parts],
        "members": [each.value for each in card.all("MEMBER")],
        "unknown": sorted(each.name for each in card.properties if each.raw),
        "photo": {"media_type": photo.value, "bytes": len(photo.data)} if photo else None,
        **{key: read_date(day.value) for key, day in days.items() if day},
        **{key: [entry(each) for each in card.all(name)] for key, name in LISTS.items()},
        **{key: first.value for key, name in TEXTS.items() if (first := card.first(name))},
    }
    found |= {"kind": "org"} if is_company else {}
    parts = dict(zip(NAME, name.parts if name else [""] * 5, strict=True))
    return {key: value for key, value in found.items() if value} | {
        "version": card.version,
        "fn": fn.value if fn else "",
        "name": parts,
    }


def entry(read: Property) -> dict[str, Any]:
    value = dict(zip(ADDRESS, read.parts, strict=True)) if read.parts else {"value": read.value}
    found: dict[str, Any] = {**value, "types": list(read.types)}
    found |= {"pref": True} if read.pref == 1 else {}
    return found | ({"label": read.label} if read.label else {})


@pytest.mark.parametrize("size", [1, 1000, 1_000_000])
@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_a_file_is_read_as_expected(name: str, size: int) -> None:
    file = (FIXTURES / name).read_bytes()

    found = list(read_cards(file[start : start + size] for start in range(0, len(file), size)))

    assert [
        {"error": "not ended"} if isinstance(each, Unreadable) else shown(each) for each in found
    ] == EXPECTED[name]["cards"]


def test_each_fixture_has_its_reading() -> None:
    assert sorted(file.name for file in FIXTURES.glob("*.vcf")) == sorted(EXPECTED)


def test_lines_go_out_as_they_came() -> None:
    card = read_one((FIXTURES / "23-unknown-properties.vcf").read_bytes())

    assert [each.raw for each in card.properties if each.raw] == [
        r'X-FOO;X-P="a;b:c";X-Q=1,2:one\,two',
        "grp.X-FOO:again",
        "grp.X-ABLabel:Mine",
        "SOUND;VALUE=uri:https://sound.example/k.ogg",
        "KEY;ENCODING=b:QUJD",
        "x-lower:case",
    ]


def test_a_bad_line_costs_itself() -> None:
    file = b"BEGIN:VCARD\nVERSION:4.0\nno colon\nFN:A\n B\n\nBDAY:soon\n:x\nTEL:1\nEND:VCARD\n"

    card = read_one(file)

    assert [(each.name, each.value) for each in card.properties] == [
        ("FN", "AB"),
        ("BDAY", "soon"),
        ("TEL", "1"),
    ]
    assert [(remark.line, remark.detail) for remark in card.remarks] == [
        (3, "The line has no colon. The line is left out."),
        (7, "BDAY: It names no day. Kept as it came."),
        (8, "The line does not begin with the name of a property. The line is left out."),
    ]


def test_a_remark_names_the_line_where_all_else_is_plain() -> None:
    card = read_one(b"BEGIN:VCARD\nNOTE:a\n b\n\nBDAY:soon\nFN:x\nEND:VCARD")

    assert [remark.line for remark in card.remarks] == [5]


def test_of_many_bad_lines_some_are_told() -> None:
    card = read_one(b"BEGIN:VCARD\n" + b"bad\n" * 1000 + b"END:VCARD")

    assert len(card.remarks) == MAX_REMARKS


def test_a_property_alone_in_its_group_needs_none() -> None:
    lines = ["a.TEL:1", "a.X-ABLabel:_$!<Work>!$_", "b.TEL:2", "b.X-FOO:x", "c.X-ABLabel:L"]

    read = read_lines([*lines, "a.X-ABLabel:second"])

    assert [(each.name, each.group, each.label) for each in read] == [
        ("TEL", "", "Work"),
        ("TEL", "b", ""),
        ("X-FOO", "b", ""),
        ("X-ABLABEL", "c", ""),
        ("X-ABLABEL", "a", ""),
    ]


def test_an_empty_label_is_none() -> None:
    (read,) = read_lines(["a.TEL:1", "a.X-ABLabel:", "a.X-ABLabel:_$!<>!$_", "a.X-ABLabel:L"])

    assert read == Property("TEL", "1", label="L")


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("_$!<Home>!$_", "Home"),
        (" _$!< _$!<A>!$_\t>!$_ ", "A"),
        ("_$!<>!$", "_$!<>!$"),
        ("Home>!$_", "Home>!$_"),
        ("a\\, b", "a, b"),
    ],
)
def test_labels_of_apples_are_plain(written: str, label: str) -> None:
    (read,) = read_lines(["a.TEL:1", f"a.X-ABLabel:{written}"])

    assert read.label == label


def test_what_only_looks_like_the_end_of_a_card_is_left_out() -> None:
    assert read_lines(["BEGIN;X=1:VCARD", "END :VCARD", "VERSION:2.1", "TEL:1"]) == [
        Property("TEL", "1")
    ]


def test_an_agent_is_kept_in_the_line_before_it() -> None:
    inside = b"AGENT:\r\nBEGIN:VCARD\r\nFN:B\\;b\r\nEND:VCARD\r\n"
    file = b"BEGIN:VCARD\r\nVERSION:2.1\r\n" + inside + b"FN:A\r\nEND:VCARD\r\n"

    card = read_one(file)

    assert [each.raw or each.value for each in card.properties] == [
        r"AGENT:BEGIN:VCARD\nFN:B\;b\nEND:VCARD",
        "A",
    ]


def flood(part: bytes, times: int, begin: bytes = b"", end: bytes = b"") -> Iterator[bytes]:
    yield begin
    for _ in range(times):
        yield part
    yield end


BEGIN, END = b"BEGIN:VCARD\n", b"\nEND:VCARD\n"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chunks", "details"),
    [
        (flood(b"\r\n" * 1000, 1000), []),
        (flood(b"x" * 65536, 160), [STRAY]),
        (flood(b"x" * 65536, 160, BEGIN + b"NOTE:", END), [TOO_LARGE]),
        (flood(b"\n x" * 1000, 201, BEGIN + b"NOTE:", END), [TOO_LARGE]),
        (flood(b"\n" * 1000, 201, BEGIN, END), [TOO_LARGE]),
        (flood(b"A:\n", MAX_CONTENT_LINES + 1, BEGIN, END), [TOO_LARGE]),
        (flood(b"AGENT:\n" + BEGIN, 1000, BEGIN), [NOT_ENDED]),
        (flood(BEGIN, 3), [NOT_ENDED] * 3),
        (flood(b"PK\x03\x04\0\xff\n" * 100, 1000), [STRAY]),
        (flood(b"BEGIN:VCALENDAR\nEND:VCALENDAR\n", 9), [STRAY]),
        (flood(b"\0" * 65536, 20), [STRAY]),
        (flood(b"", 9), []),
    ],
    ids=[
        *("blank lines", "no line", "long line", "folds", "blank card", "lines", "agents"),
        *("begins", "zip", "calendar", "NULs", "nothing"),
    ],
)
@pytest.mark.own_app
def test_what_is_no_card_is_told_in_little_memory(
    chunks: Iterator[bytes], details: list[str]
) -> None:
    tracemalloc.start()
    try:
        found = list(read_cards(chunks))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert [each.remark.detail for each in found if isinstance(each, Unreadable)] == details
    assert len(found) == len(details)
    assert peak < 6 * MAX_CARD


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        b"NOTE:" + b"\\" * 300_000,
        b"N:" + b";" * 300_000,
        b"NICKNAME:" + b"\\,," * 100_000,
        b"X" + b";a=" * 100_000 + b":",
        b"X;P=" + b'"' * 300_000 + b":",
        b'X;P="' + b'":"' * 100_000 + b":",
        b"PHOTO;ENCODING=b:" + b"=A" * 150_000,
        b"NOTE;ENCODING=QUOTED-PRINTABLE:" + b"=" * 300_000 + b"x",
        b"ADR;CHARSET=iso-2022-jp:" + b"\x1b$B" * 100_000,
        b"BDAY:" + b"1" * 300_000,
        b"A" * 300_000 + b":",
    ],
    ids=lambda line: line[:12].decode(),
)
@pytest.mark.own_app
def test_a_long_line_takes_linear_time_and_memory(line: bytes) -> None:
    """In quadratic time this would take hours."""
    tracemalloc.start()
    try:
        card = read_one(BEGIN + b"VERSION:3.0\n" + line + b"\nFN:A" + END)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert card.properties[-1].value == "A"
    assert peak < 100 * len(line) + 1_000_000


@pytest.mark.own_app
def test_nothing_is_kept_of_long_heads() -> None:
    """Those of a file are kept for its other cards, which would be megabytes each of these."""
    lines = b"\n".join(b"X-A;X-%d=%s:b" % (number, b"a" * 10_000) for number in range(200))
    read_one(BEGIN + b"X-A:b" + END)
    tracemalloc.start()
    try:
        assert len(read_one(BEGIN + lines + END).properties) == 200
        kept = tracemalloc.get_traced_memory()[0]
    finally:
        tracemalloc.stop()

    assert kept < 100_000


def test_a_card_in_cyrillic_without_a_charset_is_windows_1251() -> None:
    file = "BEGIN:VCARD\nVERSION:2.1\nN:Ге;Ян\nORG:Ромашка\nEND:VCARD\n".encode("cp1251")

    (card,) = read_cards([file])

    assert isinstance(card, Card)
    assert [each.parts[:2] for each in card.properties] == [("Ге", "Ян"), ("Ромашка",)]
