"""The uid of a contact: made or given, never another one, and one of its owner."""

from uuid import UUID

import asyncpg
import pytest

from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Conflict
from tests.conftest import MakePerson, Person, pointers, problem
from tests.support.locks import race

UID = "urn:uuid:5f0c1c9e-1815-4a00-9f00-000000000007"


async def test_a_contact_without_one_gets_one(grace: Person) -> None:
    assert UUID((await grace.add_contact())["uid"]).version == 4


async def test_a_given_one_stays(grace: Person) -> None:
    contact = await grace.add_contact(uid=f" {UID} ")
    path = f"/api/contacts/{contact['id']}"
    assert contact["uid"] == UID
    for body in ({"first_name": "Bea"}, {"first_name": "Cleo", "uid": UID}):
        for method in ("PUT", "PATCH"):
            response = await grace.request(method, path, json=body)
            assert response.status == 200
            assert (await response.json())["uid"] == UID
    for method in ("PUT", "PATCH"):
        body = {"first_name": "Bea", "uid": UID.upper()}
        assert await pointers(await grace.request(method, path, json=body)) == {"/uid"}


@pytest.mark.parametrize("uid", ["", " ", "\u200b", None, 7, "x" * 201, "a\nb", "\0"])
async def test_one_that_does_not_fit(grace: Person, uid: object) -> None:
    await grace.add_contact()
    for method, path in (("POST", "/api/contacts/"), ("PUT", "/api/contacts/1")):
        body = {"first_name": "Ada", "uid": uid}
        assert await pointers(await grace.request(method, path, json=body)) == {"/uid"}
    assert await pointers(await grace.patch("/api/contacts/1", json={"uid": uid})) == {"/uid"}


async def test_one_that_exists_is_taken(grace: Person, make_person: MakePerson) -> None:
    contact = await grace.add_contact(uid=UID)

    response = await grace.post("/api/contacts/", json={"first_name": "Bea", "uid": UID})

    await problem(response, 409, "conflict")
    [only] = (await (await grace.get("/api/contacts/")).json())["items"]
    assert only == contact
    # Nothing is counted that was not added, and whoever else may have it.
    assert (await grace.add_contact())["uid"] != UID
    other = await make_person("bea@example.com")
    assert (await other.add_contact(uid=UID))["uid"] == UID


async def test_of_those_who_give_the_same_at_once_one_gets_it(
    contacts: ContactRepository, pg: asyncpg.Connection, postgres_url: str
) -> None:
    await contacts.create({"first_name": "Ada"})

    async def add_by_itself() -> object:
        async with transaction():  # as another process would, it does not wait with the others
            return await contacts.create({"first_name": "Bea", "uid": UID})

    adding = (add_by_itself() for _ in range(4))
    outcomes = await race(pg, postgres_url, "SELECT FROM address_books FOR UPDATE", *adding)

    assert [isinstance(outcome, Conflict) for outcome in outcomes].count(True) == 3, outcomes
    assert await pg.fetchval("SELECT count(*) FROM contacts") == 2
    assert await pg.fetchval("SELECT contacts FROM address_books") == 2
