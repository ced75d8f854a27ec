import csv

import pytest

from contactsvc.contacts.transfer.content_lines import within_bounds
from contactsvc.contacts.transfer.csv import writer
from contactsvc.contacts.transfer.csv.layout import MORE
from contactsvc.contacts.transfer.csv.lines import MAX_LINE_LENGTH
from contactsvc.contacts.transfer.csv.more import More, read, written


def test_what_is_written_is_read() -> None:
    members = {
        "notes": "a\r\nb",
        "tags": ["x ::: y"],
        "emails": [{"value": "a@b.example", "type": None, "label": "ß\u3000"}],
        "phones": [],
    }

    (text,) = written(members, ["X-FOO:b a r"])

    assert text.split(" ") == text.split()  # other white space is escaped
    assert read(text) == More(
        {"notes": "a\r\nb", "tags": ["x ::: y"]},
        {"emails": [{"value": "a@b.example", "type": None, "label": "ß\u3000"}]},
        ["X-FOO:b a r"],
        0,
    )


def test_nothing_is_written_as_nothing() -> None:
    assert written({"emails": [], "notes": ""}) == []


def test_a_long_text_is_in_pieces_that_excel_keeps() -> None:
    lines = ["X-FOO:" + "b " * 1000] * 60

    pieces = written({}, lines)

    assert 1 < len(pieces) <= len(MORE)
    assert all(len(piece) <= 32_767 for piece in pieces)
    assert read("".join(pieces)).extra == lines


@pytest.mark.parametrize(
    "line",
    ["X-KEY;A=b:" + "b" * 90, 'X-A;B="c:d":\\,' + " e" * 40, "X-A: ", "X-KEY:" + "b" * 400_000],
)
def test_all_lines_that_a_contact_keeps_have_room(line: str) -> None:
    lines, left_out = within_bounds([line] * 100_000)
    assert left_out

    row = next(csv.reader([writer.line({"first_name": "Ada"}, lines)]))

    pieces = row[-len(MORE) :]
    assert read("".join(map(str.strip, pieces))).extra == lines
    assert all(len(piece) < csv.field_size_limit() for piece in pieces)


def test_lines_without_room_are_counted() -> None:
    lines = ["\\" * 400_000, '"' * 100_000, "\\" * 300_000, "\x01" * 40_000]

    text = writer.line({"notes": "a\r"}, lines)

    assert len(text) < MAX_LINE_LENGTH
    pieces = next(csv.reader([text]))[-len(MORE) :]
    assert read("".join(pieces)) == More({"notes": "a\r"}, {}, lines[1::2], 2)


def test_members_that_no_export_has_are_left_out() -> None:
    text = (
        '{"id": 7, "notes": 1, "tags": ["a", 2], "emails": [3, {"value": {"a": 1}, "type": null}],'
        ' "phones": "x", "extra": [[]], "favorite": true, "left_out": "x"}'
    )

    assert read(text) == More({"tags": ["a"]}, {"emails": [{"type": None}]}, [], 0)


@pytest.mark.parametrize("text", ["x", "[]", "1", "{", '"x"', "[" * 100_000])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)
