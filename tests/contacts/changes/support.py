"""A copy of an address book that follows its changes over HTTP."""

from dataclasses import dataclass, field
from typing import Any

from tests.conftest import Person

PATH = "/api/contacts/changes"


async def changes(person: Person, cursor: str | None = None, **params: Any) -> dict[str, Any]:
    """Return a page of changes."""
    response = await person.get(PATH, params=params | ({"cursor": cursor} if cursor else {}))
    assert response.status == 200, await response.text()
    body: dict[str, Any] = await response.json()
    assert isinstance(body["next_cursor"], str)
    return body


@dataclass
class Copy:
    """What somebody has who reads the changes from time to time.

    Args:
        person: Whose address book it is.
        limit: The size of a page.
    """

    person: Person
    limit: int = 200
    contacts: dict[int, dict[str, Any]] = field(default_factory=dict)
    cursor: str | None = None

    async def page(self) -> tuple[list[dict[str, Any]], bool]:
        """Read a page, and return what it tells and whether there is more."""
        part = await changes(self.person, self.cursor, limit=self.limit)
        self.cursor = part["next_cursor"]
        for item in part["items"]:
            if item.get("deleted"):
                assert item.keys() == {"id", "uid", "deleted"}
                self.contacts.pop(item["id"], None)
            else:
                assert item.keys() == {"id", "contact"}
                self.contacts[item["id"]] = item["contact"]
        return part["items"], part["has_more"]

    async def follow(self) -> list[int]:
        """Read all that there is, and return the ids that were told, in order."""
        told: list[int] = []
        has_more = True
        while has_more:
            items, has_more = await self.page()
            told += [item["id"] for item in items]
        return told


async def listed(person: Person) -> dict[int, dict[str, Any]]:
    """Return all contacts by their ids, as the list of contacts tells them."""
    found: dict[int, dict[str, Any]] = {}
    params: dict[str, Any] = {"limit": 200, "sort": "created_at"}
    while True:
        part = await (await person.get("/api/contacts/", params=params)).json()
        found |= {item["id"]: item for item in part["items"]}
        if part["next_cursor"] is None:
            return found
        params["cursor"] = part["next_cursor"]
