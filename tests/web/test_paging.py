"""How much of a list may be asked for at once."""

from typing import Any

import pytest

from contactsvc.web.paging import PageQuerySchema
from tests.support.schemas import errors


def test_a_page_has_fifty_unless_asked_otherwise() -> None:
    assert PageQuerySchema().load({}) == {"limit": 50, "cursor": None}


@pytest.mark.parametrize("limit", ["1", "200"])
def test_sizes_that_fit(limit: str) -> None:
    assert PageQuerySchema().load({"limit": limit})["limit"] == int(limit)


@pytest.mark.parametrize("limit", ["0", "201", "-1", "", "ten", "1.0", " 1", "1_0", "٣"])
def test_sizes_that_do_not_fit(limit: str) -> None:
    assert errors(PageQuerySchema(), {"limit": limit}) == {"limit"}


@pytest.mark.parametrize(
    ("query", "refused"),
    [
        ({"cursor": "x" * 6001}, {"cursor"}),
        ({"cursor": "\0"}, {"cursor"}),
        ({"offset": "50"}, {"offset"}),
        ({"limit": "x", "page": "2"}, {"limit", "page"}),
    ],
)
def test_what_else_is_refused_is_named(query: dict[str, Any], refused: set[str]) -> None:
    assert errors(PageQuerySchema(), query) == refused


def test_a_long_cursor_is_taken_as_it_is() -> None:
    assert PageQuerySchema().load({"cursor": "x" * 6000})["cursor"] == "x" * 6000
