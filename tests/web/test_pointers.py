"""What does not fit is named by pointers into what was sent."""

from typing import Any

import pytest

from contactsvc.platform.errors import FieldError
from contactsvc.web.pointers import _flatten, pointer


@pytest.mark.parametrize(
    ("parent", "name", "found"),
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
def test_pointers_are_those_of_rfc_6901(parent: str, name: object, found: str) -> None:
    assert pointer(parent, name) == found


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
    assert list(_flatten("", messages, None)) == [FieldError(*pair) for pair in found]


@pytest.mark.parametrize(
    ("data", "messages", "pointer"),
    [
        ([], {"_schema": ["Invalid."]}, ""),
        ({"_schema": 1}, {"_schema": ["Unknown."]}, "/_schema"),
        ({"a": "text"}, {"a": {"_schema": ["Invalid."]}}, "/a"),
        ({"a": {"_schema": 1}}, {"a": {"_schema": ["Unknown."]}}, "/a/_schema"),
        ({"a": [{}, "text"]}, {"a": {1: {"_schema": ["Invalid."]}}}, "/a/1"),
        ({"a": [{"_schema": 1}]}, {"a": {0: {"_schema": ["Unknown."]}}}, "/a/0/_schema"),
    ],
)
def test_what_is_no_object_is_named_and_a_field_may_be_called_as_it_is(
    data: Any, messages: Any, pointer: str
) -> None:
    assert [error.pointer for error in _flatten("", messages, data)] == [pointer]
