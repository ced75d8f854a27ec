"""Parameters of a query that may be given several times."""

from typing import Any

import pytest
from marshmallow import ValidationError

from contactsvc.web.query_fields import RepeatedText

FIELD = RepeatedText(max_length=3, max_count=2)


@pytest.mark.parametrize(
    ("given", "read"),
    [(["a", "b"], ("a", "b")), (["a"], ("a",)), ([" a "], ("a",)), (["\u200b"], ("",))],
)
def test_the_texts_come_in_their_order(given: Any, read: Any) -> None:
    assert FIELD.deserialize(given) == read


@pytest.mark.parametrize(
    "given", [["a", "b", "c"], ["abcd"], ["a", "abcd"], ["a\x01"], [1], [None], ["\ud800"]]
)
def test_what_does_not_fit(given: Any) -> None:
    with pytest.raises(ValidationError):
        FIELD.deserialize(given)
