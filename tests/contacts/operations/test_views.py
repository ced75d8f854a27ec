"""What was done to many contacts at once is listed."""

import asyncpg

from tests.conftest import Person
from tests.contacts.operations.support import imported, operations


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
    page = await operations(grace, limit=2)
    seen = [[item["id"] for item in page["items"]]]
    while page["next_cursor"] is not None:
        page = await operations(grace, limit=2, cursor=page["next_cursor"])
        seen.append([item["id"] for item in page["items"]])
    assert seen == [ids[:2:-1], ids[2:0:-1], ids[:1]]


async def test_what_was_done_long_ago_is_not_told(grace: Person, pg: asyncpg.Connection) -> None:
    old, young = [await imported(grace, f"Name\r\nAda {n}\r\n".encode()) for n in range(2)]
    aged = "UPDATE contact_operations SET at = now() - make_interval(days => $2) WHERE id = $1"
    await pg.execute(aged, old, 91)
    await pg.execute(aged, young, 89)
    assert [item["id"] for item in (await operations(grace))["items"]] == [young]
