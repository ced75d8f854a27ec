import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.csv.lines import MAX_LINE_LENGTH, MAX_LINES, Line, Lines
from contactsvc.platform.errors import MalformedBody


def all_of(lines: Lines) -> list[Line]:
    return list(iter(lines.take, None))


@given(st.lists(st.text(alphabet="ab\n\u2028\x0b\x85", max_size=5)))
def test_lines_end_at_line_feeds_alone_wherever_the_text_is_cut(pieces: list[str]) -> None:
    lines = all_of(Lines(pieces))

    text = "".join(line.text for line in lines)
    assert text == "".join(pieces)
    assert all(line.text.endswith("\n") for line in lines[:-1])
    assert all("\n" not in line.text.strip("\n") for line in lines)
    for place, line in enumerate(lines):
        before = "".join(each.text for each in lines[:place])
        assert line.number == before.count("\n") + 1


def test_empty_lines_are_one_so_that_many_take_no_time() -> None:
    assert all_of(Lines(["a\n\n\n\nb\n", "\n\n", "c"])) == [
        Line(1, "a\n"),
        Line(2, "\n\n\n"),
        Line(5, "b\n"),
        Line(6, "\n\n"),
        Line(8, "c"),
    ]


def test_a_file_has_no_more_lines_than_contacts_need() -> None:
    with pytest.raises(MalformedBody, match="lines"):
        all_of(Lines(["\n" * (MAX_LINES - 1), "a\n" * 3]))


def test_lines_that_are_put_back_come_again_in_their_order() -> None:
    lines = Lines(["a\nb\nc\nd\n"])
    taken = [line for line in (lines.take(), lines.take(), lines.take()) if line]

    lines.put_back(taken[1:])

    assert [line.text for line in all_of(lines)] == ["b\n", "c\n", "d\n"]


def test_a_line_of_any_length_is_told_and_costs_itself_alone() -> None:
    pieces = ["a\n", *(["x" * 1000] * (MAX_LINE_LENGTH // 1000 + 5)), "end\nb\n"]

    assert all_of(Lines(pieces)) == [
        Line(1, "a\n"),
        Line(2, "", is_too_long=True),
        Line(3, "b\n"),
    ]


def test_a_line_as_long_as_allowed_is_kept() -> None:
    (line,) = all_of(Lines(["x" * (MAX_LINE_LENGTH - 1), "y"]))

    assert len(line.text) == MAX_LINE_LENGTH
    assert not line.is_too_long
