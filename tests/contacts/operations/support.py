"""Operations of somebody, through the front door."""

from typing import Any

from aiohttp import ClientResponse

from tests.conftest import Person

CONTACTS = "/api/contacts/"
OPERATIONS = "/api/contacts/operations"
TRASH = "/api/contacts/trash"
AS_CSV = {"Content-Type": "text/csv"}


async def body_of(response: ClientResponse) -> dict[str, Any]:
    body: dict[str, Any] = await response.json()
    assert response.status == 200, body
    return body


async def operations(person: Person, **params: Any) -> dict[str, Any]:
    return await body_of(await person.get(OPERATIONS, params=params))


async def imported(person: Person, content: bytes, **query: str) -> int:
    """Import a CSV file, and return the id of the operation."""
    path = f"{CONTACTS}import"
    response = await person.post(path, data=content, headers=AS_CSV, params=query)
    operation_id: int = (await body_of(response))["operation_id"]
    return operation_id


async def undo(person: Person, operation_id: int) -> dict[str, Any]:
    return await body_of(await person.post(f"{OPERATIONS}/{operation_id}/undo"))


async def contacts(person: Person) -> list[dict[str, Any]]:
    """Return all contacts in the order of their ids."""
    page = await body_of(await person.get(CONTACTS, params={"limit": "200"}))
    return sorted(page["items"], key=lambda item: item["id"])


async def trash(person: Person) -> list[dict[str, Any]]:
    """Return what is in the trash in the order of its ids."""
    page = await body_of(await person.get(TRASH, params={"limit": "200"}))
    return sorted(page["items"], key=lambda item: item["id"])


async def change(person: Person, contact_id: int, **fields: Any) -> dict[str, Any]:
    return await body_of(await person.patch(f"{CONTACTS}{contact_id}", json=fields))


async def delete(person: Person, contact_id: int) -> None:
    assert (await person.delete(f"{CONTACTS}{contact_id}")).status == 204


def timeless(contact: dict[str, Any]) -> dict[str, Any]:
    """Return a contact without what each change sets, or the trash adds."""
    return {k: v for k, v in contact.items() if k not in ("updated_at", "deleted_at")}
