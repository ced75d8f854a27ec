"""Sends batches, and tells what became of their operations."""

import json
from io import BytesIO
from typing import Any

from aiohttp import ClientResponse

from tests.conftest import Person

PATH = "/api/contacts/batch"


def create(**fields: Any) -> dict[str, Any]:
    return {"method": "create", "contact": {"first_name": "Ada"} | fields}


def update(contact: dict[str, Any], if_match: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"method": "update", "id": contact["id"], "contact": fields} | _only(if_match)


def replace(contact: dict[str, Any], if_match: str | None = None, **fields: Any) -> dict[str, Any]:
    return {"method": "replace", "id": contact["id"], "contact": fields} | _only(if_match)


def delete(contact: dict[str, Any], if_match: str | None = None) -> dict[str, Any]:
    return {"method": "delete", "id": contact["id"]} | _only(if_match)


def _only(if_match: str | None) -> dict[str, str]:
    return {} if if_match is None else {"if_match": if_match}


async def send(person: Person, *operations: dict[str, Any], **more: Any) -> ClientResponse:
    return await send_body(person, {"operations": list(operations), **more})


async def send_body(person: Person, body: object) -> ClientResponse:
    """Send a body as most clients do: not in escapes, which take three times as many bytes."""
    data = BytesIO(json.dumps(body, ensure_ascii=False).encode())
    return await person.post(PATH, data=data, headers={"Content-Type": "application/json"})


async def done(person: Person, *operations: dict[str, Any], **more: Any) -> list[dict[str, Any]]:
    """Send a batch that is answered with 200, and return its results."""
    response = await send(person, *operations, **more)
    assert response.status == 200, await response.text()
    results: list[dict[str, Any]] = (await response.json())["results"]
    assert len(results) == len(operations)
    return results


async def each_done(person: Person, *operations: dict[str, Any]) -> list[dict[str, Any]]:
    """Send a batch that is not atomic, and return its results."""
    return await done(person, *operations, atomic=False)


def told(results: list[dict[str, Any]]) -> list[int | str]:
    """Return the status of each result, or the code of its problem."""
    for result in results:
        if "problem" in result:
            assert result["status"] == result["problem"]["status"]
    return [
        result["problem"]["code"] if "problem" in result else result["status"] for result in results
    ]


async def book(person: Person) -> list[dict[str, Any]]:
    """Return the contacts of somebody, in the order of their ids."""
    items = (await (await person.get("/api/contacts/", params={"limit": 200})).json())["items"]
    return sorted(items, key=lambda contact: int(contact["id"]))
