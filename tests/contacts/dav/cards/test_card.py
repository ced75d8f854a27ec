"""Preconditions of a change (RFC 9110, 13.1)."""

import pytest

from contactsvc.contacts.dav.cards.card import ANY, NO_PRECONDITIONS, Preconditions

ONE, OTHER = '"1-1"', '"1-2"'


@pytest.mark.parametrize(
    ("conditions", "there", "absent"),
    [
        (NO_PRECONDITIONS, True, True),
        (Preconditions([ONE]), True, False),
        (Preconditions([OTHER, ONE]), True, False),
        (Preconditions([OTHER]), False, False),
        (Preconditions([]), False, False),
        (Preconditions([f"W/{ONE}"]), False, False),
        (Preconditions([ANY]), True, False),
        (Preconditions(None, [ONE]), False, True),
        (Preconditions(None, [OTHER]), True, True),
        (Preconditions(None, [ANY]), False, True),
        (Preconditions([ANY], [ONE]), False, False),
    ],
)
def test_what_is_admitted(conditions: Preconditions, there: bool, absent: bool) -> None:
    assert conditions.admit(ONE) == there
    assert conditions.admit(None) == absent
