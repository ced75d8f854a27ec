"""What a batch does of contacts, seen by who sends it."""

import asyncio
from typing import Any

import asyncpg
import pytest

from tests.conftest import MakeClient, MakePerson, Person, problem
from tests.contacts.batches.support import (
    book,
    create,
    delete,
    done,
    each_done,
    replace,
    send,
    told,
    update,
)

OPERATIONS = (
    "SELECT id, kind, contacts, contact_ids, versions_before, versions_after"
    " FROM contact_operations"
)


@pytest.fixture
async def ada(grace: Person) -> dict[str, Any]:
    return await grace.add_contact(first_name="Ada", email="ada@example.com", tags=["friends"])


@pytest.fixture
async def bea(grace: Person) -> dict[str, Any]:
    return await grace.add_contact(first_name="Bea", notes="met in London")


async def test_each_operation_is_answered_as_its_own_call_would_be(
    grace: Person, ada: dict[str, Any], bea: dict[str, Any]
) -> None:
    cleo = await grace.add_contact(first_name="Cleo")

    results = await done(
        grace,
        create(first_name="Dora", emails=[{"value": "dora@example.com", "type": "work"}]),
        update(ada, notes="countess", tags=None),
        replace(bea, first_name="Beatrice"),
        delete(cleo),
    )

    assert told(results) == [201, 200, 200, 204]
    dora, changed, replaced = [result["contact"] for result in results[:3]]
    assert results[3] == {"status": 204}
    assert dora["emails"] == [{"value": "dora@example.com", "type": "work", "label": ""}]
    assert changed == ada | {"notes": "countess", "tags": [], "updated_at": changed["updated_at"]}
    assert (replaced["first_name"], replaced["notes"]) == ("Beatrice", "")
    assert await book(grace) == [changed, replaced, dora]
    for contact, etag in ((dora, '"1"'), (changed, '"2"'), (replaced, '"2"')):
        assert (await grace.get(f"/api/contacts/{contact['id']}")).headers["ETag"] == etag
    trash = await (await grace.get("/api/contacts/trash")).json()
    assert [item["id"] for item in trash["items"]] == [cleo["id"]]
    versions = await (await grace.get(f"/api/contacts/{ada['id']}/versions")).json()
    assert [(item["by"], item["contact"]["notes"]) for item in versions["items"]] == [("api", "")]


async def test_it_is_one_operation_that_can_be_undone(
    grace: Person, ada: dict[str, Any], bea: dict[str, Any], pg: asyncpg.Connection
) -> None:
    cleo = await grace.add_contact(first_name="Cleo")
    response = await send(
        grace,
        update(ada, notes="x"),
        update(ada, notes="y"),
        update(bea, notes="z"),
        delete(bea),
        update(cleo, first_name="Cleo"),
        create(),
    )

    body = await response.json()
    dora = body["results"][-1]["contact"]
    (row,) = await pg.fetch(OPERATIONS)
    assert (row["id"], row["kind"], row["contacts"]) == (body["operation_id"], "batch", 3)
    kept = zip(row["contact_ids"], row["versions_before"], row["versions_after"], strict=True)
    assert sorted(kept) == sorted([(ada["id"], 1, 2), (bea["id"], 1, -2), (dora["id"], 0, 1)])


async def test_what_changes_nothing_keeps_its_version_and_is_no_operation(
    grace: Person, ada: dict[str, Any], pg: asyncpg.Connection
) -> None:
    seq = await pg.fetchval("SELECT seq FROM address_books")
    for operations in ([update(ada, first_name="Ada")], [replace(ada, **ada)], []):
        response = await send(grace, *operations)
        assert await response.json() == {
            "results": [{"status": 200, "contact": ada} for _ in operations],
            "operation_id": None,
        }
    assert await pg.fetchval("SELECT seq FROM address_books") == seq
    assert await pg.fetch(OPERATIONS) == []


async def test_where_one_fails_nothing_is_done_and_each_that_fails_is_named(
    grace: Person, ada: dict[str, Any], bea: dict[str, Any], pg: asyncpg.Connection
) -> None:
    before = await pg.fetchrow("SELECT seq, contacts FROM address_books")
    response = await send(
        grace,
        update(ada, notes="x"),
        create(birthday="tomorrow"),
        delete(bea),
        delete({"id": 999_999}),
        update(bea, '"7"', notes="late"),
        create(),
    )

    body = await problem(response, 409, "conflict")
    assert told(body["results"]) == [
        *("conflict", "validation_failed", "conflict", "not_found"),
        # It was gone by then, had the batch been done.
        *("not_found", "conflict"),
    ]
    assert "another operation" in body["results"][0]["problem"]["detail"]
    assert await book(grace) == [ada, bea]
    assert await pg.fetchrow("SELECT seq, contacts FROM address_books") == before
    assert await pg.fetch(OPERATIONS) == []


async def test_where_it_is_not_atomic_the_rest_is_done(
    grace: Person, ada: dict[str, Any], bea: dict[str, Any], pg: asyncpg.Connection
) -> None:
    results = await each_done(
        grace,
        update(ada, '"2"', notes="late"),
        create(first_name=""),
        delete({"id": 999_999}),
        update(bea, uid="another"),
        update(bea, '"1"', notes="in time"),
        create(first_name="Dora", uid=ada["uid"]),
    )

    assert told(results) == [
        *("precondition_failed", "validation_failed", "not_found"),
        *("validation_failed", 200, "conflict"),
    ]
    assert await book(grace) == [ada, results[4]["contact"]]
    assert await pg.fetchval("SELECT contacts FROM address_books") == 2
    (row,) = await pg.fetch(OPERATIONS)
    assert row["contact_ids"] == [bea["id"]]


async def test_where_all_fail_nothing_has_changed(grace: Person, pg: asyncpg.Connection) -> None:
    response = await send(grace, create(first_name=""), atomic=False)
    body = await response.json()
    assert (told(body["results"]), body["operation_id"]) == (["validation_failed"], None)
    assert await pg.fetch(OPERATIONS) == []


async def test_operations_of_one_contact_follow_one_another(
    grace: Person, ada: dict[str, Any]
) -> None:
    results = await each_done(
        grace,
        update(ada, '"1"', notes="first"),
        update(ada, '"1"', notes="not met"),
        update(ada, '"2"', last_name="Lovelace"),
        delete(ada, '"2"'),
        delete(ada, '"1", "3"'),
        update(ada, notes="gone"),
        delete(ada),
    )

    assert told(results) == [
        *(200, "precondition_failed", 200, "precondition_failed", 204),
        *("not_found", "not_found"),
    ]
    last = results[2]["contact"]
    assert (last["notes"], last["last_name"]) == ("first", "Lovelace")
    restored = await grace.post(f"/api/contacts/trash/{ada['id']}/restore")
    assert (await restored.json())["last_name"] == "Lovelace"
    versions = await (await grace.get(f"/api/contacts/{ada['id']}/versions")).json()
    assert [item["contact"]["notes"] for item in versions["items"]] == [""]


@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        *(('"1"', 200), ('"9", "1"', 200), ("*", 200), ("", 200)),
        *(('"2"', 412), ('W/"1"', 412), ("1", 412), ('"x"', 412)),
    ],
)
async def test_if_match_is_that_of_the_header(
    grace: Person, ada: dict[str, Any], if_match: str, status: int
) -> None:
    [result] = await each_done(grace, update(ada, if_match, notes="x"))
    assert result["status"] == status


async def test_a_deletion_sets_its_uid_free_for_what_comes_after_it(
    grace: Person, ada: dict[str, Any], pg: asyncpg.Connection
) -> None:
    uid = ada["uid"]
    results = await each_done(
        grace,
        create(first_name="Early", uid=uid),
        delete(ada),
        create(first_name="Next", uid=uid),
        create(first_name="Late", uid=uid),
    )
    assert told(results) == ["conflict", 204, 201, "conflict"]
    assert [contact["first_name"] for contact in await book(grace)] == ["Next"]
    assert await pg.fetchval("SELECT contacts FROM address_books") == 1


async def test_cards_of_new_contacts_have_names_of_their_own(
    grace: Person, pg: asyncpg.Connection
) -> None:
    await grace.add_contact(uid="a/b")
    digest = await pg.fetchval("SELECT card_name FROM contacts")
    await done(grace, create(uid=digest), create(uid="plain"), create())
    names = await pg.fetch("SELECT coalesce(card_name, uid) AS name FROM contacts")
    assert len({row["name"] for row in names}) == 4


async def test_a_quota_counts_what_is_deleted_before(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    client = await make_client(max_contacts=2)
    grace = await make_person(client=client)
    ada = await grace.add_contact()

    results = await each_done(
        grace, create(), create(), delete(ada), create(first_name="Dora"), create()
    )

    assert told(results) == [201, "quota_exceeded", 204, 201, "quota_exceeded"]
    assert len(await book(grace)) == 2
    refused = await problem(await send(grace, create()), 409, "conflict")
    assert told(refused["results"]) == ["quota_exceeded"]


async def test_two_hundred_are_done_at_once(grace: Person, pg: asyncpg.Connection) -> None:
    added = await done(grace, *(create(last_name=f"{n:03}") for n in range(200)))
    contacts = [result["contact"] for result in added]
    assert [contact["last_name"] for contact in contacts] == [f"{n:03}" for n in range(200)]
    assert await book(grace) == contacts

    changes = [*(update(c, '"1"', notes="x") for c in contacts[::2])]
    changes += [*(delete(c, '"1"') for c in contacts[1::2])]
    assert told(await done(grace, *changes)) == [200] * 100 + [204] * 100
    assert {contact["notes"] for contact in await book(grace)} == {"x"}
    numbers = await pg.fetch("SELECT seq FROM contacts UNION ALL SELECT seq FROM deleted_contacts")
    assert len({row["seq"] for row in numbers}) == 200
    assert await pg.fetchval("SELECT contacts FROM address_books") == 100


async def test_batches_at_once_take_turns(grace: Person, pg: asyncpg.Connection) -> None:
    contacts = [await grace.add_contact() for _ in range(3)]
    forth = [update(contact, '"1"', notes="forth") for contact in contacts]
    back = [update(contact, '"1"', notes="back") for contact in reversed(contacts)]

    answers = await asyncio.gather(*(send(grace, *each) for each in (forth, back)))

    assert sorted(answer.status for answer in answers) == [200, 409]
    assert len({contact["notes"] for contact in await book(grace)}) == 1
    assert await pg.fetchval("SELECT count(*) FROM contact_operations") == 1
