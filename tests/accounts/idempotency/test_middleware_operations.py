"""Batches and merges are done once for each key, also where nothing of them can be done."""

from typing import Any

import asyncpg
from aiohttp import ClientResponse

from tests.accounts.idempotency.support import COUNT, PATH, replayed
from tests.conftest import Person, problem

OPERATIONS = "SELECT count(*) FROM contact_operations"


async def twice(person: Person, path: str, body: Any) -> tuple[ClientResponse, ClientResponse]:
    """Send a request twice with one key; the second answer must be the first one's."""
    headers = {"Idempotency-Key": "k"}
    first = await person.post(path, json=body, headers=headers)
    again = await person.post(path, json=body, headers=headers)
    assert (replayed(first), replayed(again)) == (False, True)
    assert (first.status, await first.read()) == (again.status, await again.read())
    assert first.headers.get("ETag") == again.headers.get("ETag")
    return first, again


def batch(*methods: tuple[str, Any], atomic: bool) -> dict[str, Any]:
    steps = [{"method": method} | fields for method, fields in methods]
    return {"operations": steps, "atomic": atomic}


ADD = ("create", {"contact": {"first_name": "Ada"}})
LOSE = ("delete", {"id": 999_999})


async def test_a_batch_is_done_once(grace: Person, pg: asyncpg.Connection) -> None:
    first, _ = await twice(grace, f"{PATH}batch", batch(ADD, ADD, atomic=True))

    assert first.status == 200
    assert (await pg.fetchval(COUNT), await pg.fetchval(OPERATIONS)) == (2, 1)


async def test_of_one_that_is_not_atomic_each_part_is_done_once(
    grace: Person, pg: asyncpg.Connection
) -> None:
    first, _ = await twice(grace, f"{PATH}batch", batch(ADD, LOSE, ADD, atomic=False))

    results = (await first.json())["results"]
    assert [result["status"] for result in results] == [201, 404, 201]
    assert await pg.fetchval(COUNT) == 2


async def test_one_that_cannot_be_done_has_done_nothing(
    grace: Person, pg: asyncpg.Connection
) -> None:
    first, _ = await twice(grace, f"{PATH}batch", batch(ADD, LOSE, atomic=True))

    assert len((await problem(first, 409, "conflict"))["results"]) == 2
    assert (await pg.fetchval(COUNT), await pg.fetchval(OPERATIONS)) == (0, 0)


async def test_a_merge_is_done_once(grace: Person, pg: asyncpg.Connection) -> None:
    into, other = [(await grace.add_contact())["id"] for _ in range(2)]

    first, _ = await twice(grace, f"{PATH}merge", {"into": into, "from": [other]})

    assert first.status == 200
    assert (await pg.fetchval(COUNT), await pg.fetchval(OPERATIONS)) == (1, 1)


async def test_a_dry_merge_changes_nothing(grace: Person, pg: asyncpg.Connection) -> None:
    into, other = [(await grace.add_contact())["id"] for _ in range(2)]

    body = {"into": into, "from": [other], "dry_run": True}
    first, _ = await twice(grace, f"{PATH}merge", body)

    assert first.status == 200
    assert (await pg.fetchval(COUNT), await pg.fetchval(OPERATIONS)) == (2, 0)
