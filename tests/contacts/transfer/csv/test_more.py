import pytest

from contactsvc.contacts.transfer.csv.layout import MORE
from contactsvc.contacts.transfer.csv.more import CAPACITY, More, read, written


def test_what_is_written_is_read() -> None:
    members = {
        "notes": "a\r\nb",
        "tags": ["x ::: y"],
        "emails": [{"value": "a@b.example", "type": None, "label": "ß\u3000"}],
        "phones": [],
    }

    (text,) = written(members, ["X-FOO:b a r"])

    assert not any(map(str.isspace, text))
    assert read(text) == More(
        {"notes": "a\r\nb", "tags": ["x ::: y"]},
        {"emails": [{"value": "a@b.example", "type": None, "label": "ß\u3000"}]},
        ["X-FOO:b a r"],
    )


def test_nothing_is_written_as_nothing() -> None:
    assert written({"emails": [], "notes": ""}) == []


def test_a_long_text_is_in_pieces_that_excel_keeps() -> None:
    lines = ["X-FOO:" + "b " * 1000] * 14

    pieces = written({}, lines)

    assert 1 < len(pieces) <= len(MORE)
    assert all(len(piece) <= 32_767 for piece in pieces)
    assert read("".join(pieces)).extra == lines


def test_lines_without_room_are_left_out() -> None:
    lines = ["X-KEY:" + "b" * 20_000] * 20

    pieces = written({"notes": "a\r"}, lines)

    assert len(pieces) == len(MORE)
    assert sum(map(len, pieces)) <= CAPACITY
    assert read("".join(pieces)) == More({"notes": "a\r"}, {}, lines[:6])


def test_members_that_no_export_has_are_left_out() -> None:
    text = (
        '{"id": 7, "notes": 1, "tags": ["a", 2], "emails": [3, {"value": {"a": 1}, "type": null}],'
        ' "phones": "x", "extra": [[]], "favorite": true}'
    )

    assert read(text) == More({"tags": ["a"]}, {"emails": [{"type": None}]}, [])


@pytest.mark.parametrize("text", ["x", "[]", "1", "{", '"x"', "[" * 100_000])
def test_another_text_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read(text)
