import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.csv.guard import guarded, unguarded
from contactsvc.contacts.transfer.csv.writer import line


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+Plus", "-Dash", "@SUM(A1:A9)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"),
        *("+1-2", "+1+cmd|' /C calc'!A0", "+", "--04-09", "'=1", "''+x"),
    ],
)
def test_what_a_spreadsheet_may_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text), is_own=True) == text


@pytest.mark.parametrize(
    ("text", "written"),
    [
        ("x;=1+1", "x;'=1+1"),
        ("x; =1+1", "x; '=1+1"),
        ("x;;@SUM(A1)", "x;;'@SUM(A1)"),
        ('x;"=1+1', "x;\"'=1+1"),
        ("x\n-1+1", "x\n'-1+1"),
        ("x\t+1\n+2", "x\t'+1\n'+2"),
        ("x|＝1", "x|'＝1"),
        ("x;'=1", "x;''=1"),
        ("=1;=2", "'=1;'=2"),
        ("+46 8\n=1", "'+46 8\n'=1"),
        ("+46 8;+46 8", "'+46 8;'+46 8"),
    ],
)
def test_so_does_what_a_cell_may_fall_apart_into(text: str, written: str) -> None:
    assert guarded(text) == written
    assert unguarded(written, is_own=True) == text


@pytest.mark.parametrize(
    "text", ["", "Eve", "+442079460958", "+46 8 555 0208", "'tis", "1-2", "'", "a; b", "a;b=c"]
)
def test_other_cells_stay(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text, is_own=True) == text


def test_the_apostrophe_of_others_is_taken_off_where_a_formula_follows() -> None:
    assert unguarded("'+46 8 555 0208", is_own=False) == "+46 8 555 0208"
    assert unguarded("x;'=1", is_own=False) == "x;'=1"


@given(st.text(alphabet="'=+-@\t1 a＝;|\n\""))
def test_every_cell_is_read_as_it_was(text: str) -> None:
    assert unguarded(guarded(text), is_own=True) == text


@given(st.text(alphabet="'=+-@1 a＝;\n,\""))
def test_nothing_that_another_delimiter_makes_of_a_line_is_a_formula(text: str) -> None:
    """However the program takes the quotes, and white space, that stand at the beginning."""
    for part in re.split(r"[;\n]", line({"first_name": text, "notes": text}))[1:]:
        assert not re.match(r"[\"\s]*[=+\-@＝]", part)
