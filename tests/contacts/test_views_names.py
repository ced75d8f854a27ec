"""What a contact needs to be called by, and what it is shown as."""

from typing import Any

import pytest

from tests.conftest import Person, pointers
from tests.contacts.test_views import ONE, fields
from tests.support.over_http import ADA

NO_NAME: list[dict[str, Any]] = [
    {},
    {"first_name": " ", "last_name": "\u200b", "email": "", "phone": None},
    {"middle_name": "M.", "prefix": "Dr.", "suffix": "Jr.", "department": "R&D", "title": "Boss"},
    {"emails": [], "phones": [], "urls": [{"value": "https://example.com"}], "notes": "x"},
]


async def test_a_contact_needs_a_name_of_some_kind(ada: Person, subtests: pytest.Subtests) -> None:
    for body in NO_NAME:
        with subtests.test(body=body):
            assert await pointers(await ada.post("/api/contacts/", json=body)) == {"/first_name"}
            assert await pointers(await ada.put(ONE, json=body)) == {"/first_name"}
    nobody = dict.fromkeys(("first_name", "last_name", "email", "phone"))
    assert await pointers(await ada.patch(ONE, json=nobody)) == {"/first_name"}
    assert fields(await (await ada.get(ONE)).json()) == ADA


@pytest.mark.parametrize(
    "body",
    [
        {"first_name": "Ada"},
        {"last_name": "King"},
        {"nickname": "Countess"},
        {"organization": "Engines"},
        {"email": "ada@example.com"},
        {"phone": "112"},
        {"emails": [{"value": "ada@example.com"}]},
        {"phones": [{"value": "112"}]},
    ],
)
async def test_a_name_of_any_kind_is_enough(ada: Person, body: dict[str, Any]) -> None:
    assert (await ada.post("/api/contacts/", json=body)).status == 201
    assert (await ada.put(ONE, json=body)).status == 200
    [name] = body
    kept = {"first_name", "last_name", "email", "phone"} - {name, name.removesuffix("s")}
    assert (await ada.patch(ONE, json=dict.fromkeys(kept))).status == 200
    cleared = None if name in ("email", "phone") else ""
    last: dict[str, Any] = {name: [] if name.endswith("s") else cleared}
    assert await pointers(await ada.patch(ONE, json=last)) == {"/first_name"}
