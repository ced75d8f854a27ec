"""What does not fit in the body of a merge is named by a pointer."""

from typing import Any

import pytest

from contactsvc.contacts.merges.schemas import MAX_FROM
from tests.conftest import Person, pointers
from tests.contacts.operations.support import contacts

MERGE = "/api/contacts/merge"
TWO_EMAILS = {"email": "a@example.com", "emails": [{"value": "b@example.com"}]}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"from": [2]}, "/into"),
        ({"into": 1}, "/from"),
        ({"into": 1, "from": []}, "/from"),
        ({"into": 1, "from": list(range(2, MAX_FROM + 3))}, "/from"),
        ({"into": 1, "from": [2, 1]}, "/from/1"),
        ({"into": 1, "from": [2, 3, 2]}, "/from/2"),
        ({"into": "1", "from": [2]}, "/into"),
        ({"into": 0, "from": [2]}, "/into"),
        ({"into": True, "from": [2]}, "/into"),
        ({"into": 1, "from": [2**63]}, "/from/0"),
        ({"into": 1, "from": [1.5]}, "/from/0"),
        ({"into": 1, "from": None}, "/from"),
        ({"into": 1, "from": [2], "dry_run": "yes"}, "/dry_run"),
        ({"into": 1, "from": [2], "to": 3}, "/to"),
        ({"into": 1, "from": [2], "contact": None}, "/contact"),
        ({"into": 1, "from": [2], "contact": "Ada"}, "/contact"),
        ({"into": 1, "from": [2], "contact": {"id": 2}}, "/contact/id"),
        ({"into": 1, "from": [2], "contact": {"uid": "other"}}, "/contact/uid"),
        ({"into": 1, "from": [2], "contact": {"birthday": "soon"}}, "/contact/birthday"),
        ({"into": 1, "from": [2], "contact": {"first_name": None}}, "/contact/first_name"),
        ({"into": 1, "from": [2], "contact": {"tags": [""]}}, "/contact/tags/0"),
        ({"into": 1, "from": [2], "contact": TWO_EMAILS}, "/contact/emails"),
    ],
)
async def test_what_does_not_fit_is_named(
    grace: Person, body: dict[str, Any], pointer: str
) -> None:
    for name in "ABC":
        await grace.add_contact(first_name=name)
    before = await contacts(grace)
    for is_dry in ("true", "false"):
        answer = await grace.post(MERGE, json=body, params={"dry_run": is_dry})
        assert await pointers(answer) == {pointer}
    assert await contacts(grace) == before
