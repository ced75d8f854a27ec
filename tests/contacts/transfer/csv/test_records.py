import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.csv.lines import MAX_LINE_LENGTH, Line, Lines
from contactsvc.contacts.transfer.csv.records import (
    CELL_TOO_LONG,
    NOT_CLOSED,
    TOO_LONG,
    Record,
    records,
)


def read(text: str, delimiter: str = ",") -> list[Record]:
    return list(records(Lines([text]), delimiter))


@given(
    st.lists(st.lists(st.text(alphabet='a",;\n é'), min_size=1, max_size=4), max_size=6),
    st.booleans(),
)
def test_what_the_standard_library_writes_is_read(rows: list[list[str]], is_quoted: bool) -> None:
    rows = [row for row in rows if any(row)]
    file = io.StringIO()
    csv.writer(
        file, lineterminator="\n", quoting=csv.QUOTE_ALL if is_quoted else csv.QUOTE_MINIMAL
    ).writerows(rows)

    found = [record.cells for record in read(file.getvalue())]

    blank = [row for row in rows if not any(cell.strip(" ") for cell in row)]
    assert [row for row in found if row not in blank] == [row for row in rows if row not in blank]


def test_a_row_is_numbered_by_its_first_line() -> None:
    text = 'a,b\n\n"x\ny\nz",1\n  \nlast,"q ""r"" s"\n'

    assert read(text) == [
        Record(1, ["a", "b"]),
        Record(3, ["x\ny\nz", "1"]),
        Record(7, ["last", 'q "r" s']),
    ]


def test_empty_lines_in_quotes_belong_to_the_cell() -> None:
    assert read('a,"x\n\n\ny"\n\n\nb,c\n') == [
        Record(1, ["a", "x\n\n\ny"]),
        Record(7, ["b", "c"]),
    ]


def test_a_row_of_empty_cells_is_none() -> None:
    assert read(" , ,\n,,\n;\n") == [Record(3, [";"])]


def test_a_quote_in_the_middle_of_a_cell_is_a_quote() -> None:
    assert read('6" pipe,5\'6" tall\nb,c\n') == [
        Record(1, ['6" pipe', "5'6\" tall"]),
        Record(2, ["b", "c"]),
    ]


def test_what_follows_a_closing_quote_belongs_to_the_cell() -> None:
    assert read('"Bob" Ng,1\n') == [Record(1, ["Bob Ng", "1"])]


def test_a_quote_that_is_not_closed_costs_no_other_row() -> None:
    text = 'a,"b\n"Eve","two\nlines"\nc,d\n'

    assert read(text) == [
        Record(1, ["a", '"b'], NOT_CLOSED),
        Record(2, ["Eve", "two\nlines"]),
        Record(4, ["c", "d"]),
    ]


def test_a_quote_that_is_open_where_the_file_ends_costs_no_other_row() -> None:
    text = 'a,"b\n' + "c,d\n" * 3

    assert read(text) == [
        Record(1, ["a", '"b'], NOT_CLOSED),
        *(Record(number, ["c", "d"]) for number in (2, 3, 4)),
    ]


def test_a_cell_of_megabytes_costs_its_row_alone() -> None:
    row, *rest = read("a," + "x" * (csv.field_size_limit() + 1) + "\nb,c\n")

    assert row == Record(1, [], CELL_TOO_LONG)
    assert rest == [Record(2, ["b", "c"])]


def test_a_line_of_megabytes_costs_itself_alone() -> None:
    row, *rest = read("x," * MAX_LINE_LENGTH + "\nb,c\n")

    assert row == Record(1, [], TOO_LONG)
    assert rest == [Record(2, ["b", "c"])]


def test_a_line_of_megabytes_in_quotes_is_not_left_out_unsaid() -> None:
    found = read('a,"b\n' + "x" * (MAX_LINE_LENGTH + 1) + '\nc"\nd,e\n')

    assert [record.remark for record in found] == [NOT_CLOSED, TOO_LONG, "", ""]
    assert found[-1].cells == ["d", "e"]


class CountingLines(Lines):
    """Counts the lines that are taken."""

    taken = 0

    def take(self) -> Line | None:
        self.taken += 1
        return super().take()


@pytest.mark.parametrize(
    "line", ['x",y,"z\n', 'x,"b"c,"d\n', '"\n', 'a,"b\n', '",x""\n', '"",",""\n', 'a"",\n']
)
def test_however_quotes_stand_no_line_is_read_more_than_three_times(line: str) -> None:
    lines = CountingLines([line * 5_000])

    for _ in records(lines, ","):
        pass

    assert lines.taken <= 3 * 5_000 + 2


@given(st.text(alphabet='"ab,\n'))
def test_any_quotes_give_rows_in_their_order(text: str) -> None:
    found = read(text)

    numbers = [record.line for record in found]
    assert numbers == sorted(set(numbers))
    letters = [c for record in found for cell in record.cells for c in cell if c in "ab"]
    assert letters == [c for c in text if c in "ab"]


@given(st.lists(st.text(alphabet='"a,\n', max_size=4)))
def test_rows_are_the_same_wherever_the_text_is_cut(pieces: list[str]) -> None:
    assert list(records(Lines(pieces), ",")) == read("".join(pieces))
