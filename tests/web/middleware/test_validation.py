"""The helpers that name what does not fit; the rest of the parser is tested over HTTP."""

from typing import Any

import pytest

from contactsvc.platform.errors import FieldError, ValidationFailed
from contactsvc.web.middleware.validation import _flatten, _pointer, _refuse_constant, _unique


@pytest.mark.parametrize(
    ("parent", "name", "pointer"),
    [
        ("", "birthday", "/birthday"),
        ("/items", 0, "/items/0"),
        ("", "a/b", "/a~1b"),
        ("", "m~n", "/m~0n"),
        ("", "~1", "/~01"),
        ("", "", "/"),
        ("", "é", "/é"),
        ("", "half \ud800", "/half ?"),
        ("", "x" * 500, "/" + "x" * 100),
    ],
)
def test_pointers_are_those_of_rfc_6901(parent: str, name: object, pointer: str) -> None:
    assert _pointer(parent, name) == pointer


@pytest.mark.parametrize(
    ("messages", "found"),
    [
        ({"a": ["Wrong."]}, [("/a", "Wrong.")]),
        ({"a": ["Wrong.", "Short."]}, [("/a", "Wrong."), ("/a", "Short.")]),
        ({"a": {"b": ["Wrong."]}}, [("/a/b", "Wrong.")]),
        ({"a": {0: ["Wrong."]}}, [("/a/0", "Wrong.")]),
        ({"_schema": ["Invalid."]}, [("", "Invalid.")]),
        ({"a": {"_schema": ["Invalid."]}}, [("/a", "Invalid.")]),
        ({"a": "Wrong."}, [("/a", "Wrong.")]),
        ({}, []),
    ],
)
def test_nested_messages_become_a_list(messages: Any, found: list[tuple[str, str]]) -> None:
    assert list(_flatten("", messages, "_schema")) == [FieldError(*pair) for pair in found]


def test_pairs_become_a_dict() -> None:
    assert _unique([("a", 1), ("b", 2)]) == {"a": 1, "b": 2}


@pytest.mark.parametrize("name", ["a", "", "x/y"])
def test_a_name_given_twice_is_refused(name: str) -> None:
    with pytest.raises(ValidationFailed) as error:
        _unique([(name, 1), ("b", 2), (name, 1)])
    assert [field.pointer for field in error.value.errors] == [_pointer("", name)]


@pytest.mark.parametrize("constant", ["NaN", "Infinity", "-Infinity"])
def test_what_only_python_takes_for_json_is_refused(constant: str) -> None:
    with pytest.raises(ValueError, match="is not JSON"):
        _refuse_constant(constant)
