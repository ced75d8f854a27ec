"""What was done to many contacts at once is listed."""

from typing import Any

import asyncpg

from tests.conftest import Person

OPERATIONS = "/api/contacts/operations"
AS_CSV = {"Content-Type": "text/csv"}


async def operations(person: Person, **params: Any) -> dict[str, Any]:
    response = await person.get(OPERATIONS, params=params)
    assert response.status == 200, await response.text()
    body: dict[str, Any] = await response.json()
    return body


async def imported(person: Person, content: bytes, **query: str) -> int:
    """Import a CSV file, and return the id of the operation."""
    response = await person.post("/api/contacts/import", data=content, headers=AS_CSV, params=query)
    body = await response.json()
    assert response.status == 200, body
    operation_id: int = body["operation_id"]
    return operation_id


async def test_nothing_was_done_yet(grace: Person) -> None:
    assert await operations(grace) == {"items": [], "next_cursor": None}


async def test_an_import_is_listed(grace: Person, pg: asyncpg.Connection) -> None:
    operation_id = await imported(grace, b"Name\r\nAda\r\nBob\r\n")
    (item,) = (await operations(grace))["items"]
    at = await pg.fetchval("SELECT at FROM contact_operations")
    assert item == {
        "id": operation_id,
        "kind": "import",
        "at": at.isoformat().replace("+00:00", "Z"),
        "contacts": 2,
        "undone_at": None,
    }


async def test_pages_begin_with_the_newest(grace: Person) -> None:
    ids = [await imported(grace, f"Name\r\nAda {n}\r\n".encode()) for n in range(5)]
    seen, cursor = [], {}
    while True:
        page = await operations(grace, limit=2, **cursor)
        seen.append([item["id"] for item in page["items"]])
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [ids[:2:-1], ids[2:0:-1], ids[:1]]


async def test_what_was_done_long_ago_is_not_told(grace: Person, pg: asyncpg.Connection) -> None:
    old, young = [await imported(grace, f"Name\r\nAda {n}\r\n".encode()) for n in range(2)]
    aged = "UPDATE contact_operations SET at = now() - make_interval(days => $2) WHERE id = $1"
    await pg.execute(aged, old, 91)
    await pg.execute(aged, young, 89)
    assert [item["id"] for item in (await operations(grace))["items"]] == [young]
