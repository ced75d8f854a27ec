from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.csv.lines import MAX_LINE_LENGTH, Line, Lines


def all_of(lines: Lines) -> list[Line]:
    return list(iter(lines.take, None))


@given(st.lists(st.text(alphabet="ab\n\u2028\x0b\x85", max_size=5)))
def test_lines_end_at_line_feeds_alone_wherever_the_text_is_cut(pieces: list[str]) -> None:
    lines = all_of(Lines(pieces))

    assert "".join(line.text for line in lines) == "".join(pieces)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert all(line.text.endswith("\n") for line in lines[:-1])
    assert all("\n" not in line.text[:-1] for line in lines)


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
