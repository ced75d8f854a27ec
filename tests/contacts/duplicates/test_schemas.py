"""The body that tells contacts apart."""

from typing import Any

import pytest
from marshmallow import ValidationError

from contactsvc.contacts.duplicates.repository import MAX_IDS
from contactsvc.contacts.duplicates.schemas import DismissalSchema


def test_two_ids_or_more_are_taken_in_any_order() -> None:
    for ids in ([8, 7], [*range(1, MAX_IDS + 1)], [1, 2**63 - 1]):
        assert DismissalSchema().load({"ids": ids}) == {"ids": ids}


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({}, []),
        ({"ids": None}, []),
        ({"ids": 7}, []),
        ({"ids": []}, []),
        ({"ids": [7]}, []),
        ({"ids": [*range(1, MAX_IDS + 2)]}, []),
        ({"ids": [7, 8, 7, 7]}, [2, 3]),
        ({"ids": [7, "8"]}, [1]),
        ({"ids": [7, None]}, [1]),
        ({"ids": [7, True]}, [1]),
        ({"ids": [7, 8.0]}, [1]),
        ({"ids": [0, 7, -1]}, [0, 2]),
        ({"ids": [7, 2**63]}, [1]),
    ],
)
def test_what_does_not_fit_is_named(wrong: dict[str, Any], where: list[int]) -> None:
    with pytest.raises(ValidationError) as refused:
        DismissalSchema().load(wrong)
    found: Any = refused.value.messages_dict["ids"]
    by_place = found[0] if isinstance(found, list) else found  # which those of all ids come in
    assert (sorted(by_place) if isinstance(by_place, dict) else []) == where
