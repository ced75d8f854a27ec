"""Where cards begin and end, and what becomes of a file that is cut or is none."""

import pytest

from contactsvc.contacts.transfer.records import Unreadable
from contactsvc.contacts.vcard.envelopes import (
    MAX_LINES,
    NOT_ENDED,
    STRAY,
    TOO_LARGE,
    Envelope,
    envelopes,
    mark,
)
from contactsvc.contacts.vcard.lines import MAX_CARD


def found(*lines: bytes | None) -> list[tuple[int, object]]:
    """Return the line and what is in each card, or what is wrong with it."""
    return [
        (each.remark.line, each.remark.detail)
        if isinstance(each, Unreadable)
        else (each.line, each.lines)
        for each in envelopes(lines)
    ]


def test_a_card_is_what_stands_between_its_marks() -> None:
    assert found(b"BEGIN:VCARD", b"FN:A", b"END:VCARD", b"", b"begin:vcard ", b"End:VCard") == [
        (1, [b"FN:A"]),
        (5, []),
    ]


@pytest.mark.parametrize("line", [b"EMAIL:a@b.example", b"END:VCARDS", b"BEGIN:VCALENDAR", b""])
def test_other_lines_are_no_marks(line: bytes) -> None:
    assert mark(line) is None


def test_a_card_may_begin_with_the_mark_of_an_encoding_where_files_were_put_together() -> None:
    assert found(b"\xef\xbb\xbfBEGIN:VCARD", b"END:VCARD", b"\xef\xbb\xbfBEGIN:VCARD") == [
        (1, []),
        (3, NOT_ENDED),
    ]


def test_a_card_that_is_not_ended_costs_itself() -> None:
    assert found(b"BEGIN:VCARD", b"FN:A", b"BEGIN:VCARD", b"FN:B", b"END:VCARD") == [
        (1, NOT_ENDED),
        (3, [b"FN:B"]),
    ]


def test_what_is_in_no_card_is_told_once_up_to_the_next_card() -> None:
    stray = found(b"", b"PK\x03\x04", None, b"END:VCARD", b"BEGIN:VCARD", b"END:VCARD", b"more")

    assert stray == [(2, STRAY), (5, []), (7, STRAY)]


def test_an_agent_has_its_card_inside() -> None:
    inside = (b"AGENT:", b"", b"BEGIN:VCARD", b"FN:B", b"END:VCARD")

    card, after = envelopes([b"BEGIN:VCARD", *inside, b"END:VCARD", b"BEGIN:VCARD"])

    assert card == Envelope(1, list(inside), has_inside=True)
    assert isinstance(after, Unreadable)


def test_agents_may_be_nested_however_deep() -> None:
    depth = 1000
    lines = [b"BEGIN:VCARD", b"AGENT:"] * depth
    ends = [b"END:VCARD"] * depth

    ((line, inside),) = found(*lines, *ends)

    assert (line, inside) == (1, [*lines[1:], *ends[:-1]])


@pytest.mark.parametrize(
    "much",
    [
        [None],
        [b"NOTE:" + b"x" * MAX_CARD],
        [b" x"] * (MAX_LINES + 1),
        [b"x" * 1024] * (MAX_CARD // 1024 + 1),
    ],
    ids=["a line", "bytes in a line", "lines", "bytes in lines"],
)
def test_a_card_that_is_too_large_costs_itself(much: list[bytes | None]) -> None:
    card = [b"BEGIN:VCARD", *much, b"FN:A", b"END:VCARD"]

    assert found(*card, b"BEGIN:VCARD", b"END:VCARD") == [(1, TOO_LARGE), (len(card) + 1, [])]
