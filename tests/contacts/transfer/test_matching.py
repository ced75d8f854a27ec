"""Who is the same as somebody is found by uid, or by the letters of a name and what is shared."""

from typing import Any

import pytest

from contactsvc.contacts.columns import of_new
from contactsvc.contacts.transfer.matching import Known, marks, name_range
from contactsvc.platform.text.sort_keys import sort_key


@pytest.mark.parametrize(
    ("first", "last", "is_same"),
    [
        ("Ada", "Lovelace", True),
        ("ÁDA", "lovelace", True),
        ("Ad", "Lovelace", False),
        ("Adam", "Lovelace", False),
        ("Ada", "Lovelacey", False),
        ("", "Ada Lovelace", False),
        ("Lovelace", "Ada", False),
    ],
)
def test_a_range_has_the_keys_of_its_letters(first: str, last: str, is_same: bool) -> None:
    begin, end = name_range(of_new({"first_name": "Ada", "last_name": "Lovelace"}, None))
    assert (begin <= sort_key(last, first) < end) == is_same


@pytest.mark.parametrize(
    "fields",
    [
        {"organization": "Society"},
        {"email": "ada@example.com"},
        {"first_name": "Ada"},
        {"last_name": "Жук" * 33, "first_name": "字" * 100},
        {"nickname": "\U0010ffff" * 3},
    ],
)
def test_a_contact_is_in_its_own_range(fields: dict[str, str]) -> None:
    columns = of_new(fields, None)
    begin, end = name_range(columns)
    assert begin <= columns["last_name_sort"] < end


def test_marks_are_shared_by_those_of_one_name_alone() -> None:
    email = [{"value": "Ada@example.com"}]
    numbers: list[dict[str, Any]] = [
        {"value": "020 79", "e164": None},
        {"value": "x", "e164": "+44123"},
    ]
    ada = set(marks(b"ada", email, numbers))
    assert len(ada) == 3
    assert ada & set(marks(b"ada", [{"value": "ada@EXAMPLE.com"}], []))
    assert ada & set(marks(b"ada", [], [{"value": "+44-123", "e164": None}]))
    assert not ada & set(marks(b"bea", email, numbers))


def test_the_first_of_two_counts() -> None:
    known = Known()
    known.add(7, "u", [1, 2])
    known.add(8, "u", [2, 3])
    assert known.by_uid("u") == 7
    assert [known.by_marks([mark]) for mark in (1, 2, 3, 4)] == [7, 7, 8, None]
    assert known.by_marks([4, 3]) == 8


def test_so_many_marks_are_remembered_and_uids_always() -> None:
    known = Known(max_marks=3)
    known.add(7, "u", range(100))
    known.add(8, "v", [2, 200])
    assert [known.by_marks([mark]) for mark in (0, 2, 3, 200)] == [7, 7, None, None]
    assert known.by_uid("v") == 8


def test_a_name_is_new_once() -> None:
    known, name = Known(), name_range(of_new({"first_name": "Ada"}, None))
    assert [known.is_new_name(name) for _ in range(2)] == [True, False]
