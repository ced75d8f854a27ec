import pytest
from hypothesis import given
from hypothesis import strategies as st

from contactsvc.contacts.transfer.csv.guard import guarded, unguarded


@pytest.mark.parametrize(
    "text",
    [
        *("=1+1", "+Plus", "-Dash", "@SUM(A1:A9)", "\tx", "\rx", "＝1", "＋1", "－1", "＠x"),
        *("+1-2", "+1+cmd|' /C calc'!A0", "+", "--04-09", "'=1", "''+x", "+46 8\n=1"),
    ],
)
def test_what_a_spreadsheet_may_run_gets_an_apostrophe(text: str) -> None:
    assert guarded(text) == "'" + text
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["", "Eve", "+442079460958", "+46 8 555 0208", "'tis", "1-2", "'"])
def test_other_cells_stay(text: str) -> None:
    assert guarded(text) == text
    assert unguarded(text) == text


def test_the_apostrophe_of_others_is_taken_off_where_a_formula_follows() -> None:
    assert unguarded("'+46 8 555 0208") == "+46 8 555 0208"


@given(st.text(alphabet="'=+-@\t1 a＝"))
def test_every_cell_is_read_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text
