"""What a batch may consist of, and how what does not fit is named."""

from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.batches.views import MAX_BYTES
from contactsvc.contacts.page_size import MAX_CHARACTERS
from tests.conftest import Person, pointers, problem
from tests.contacts.batches.support import (
    book,
    create,
    done,
    each_done,
    send,
    send_body,
    told,
    update,
)

CONTACT = {"first_name": "Ada"}
AT = "/operations/0"


@pytest.mark.parametrize(
    ("operation", "found"),
    [
        ({}, {f"{AT}/method"}),
        ("create", {AT}),
        (None, {AT}),
        ({"method": "CREATE", "contact": CONTACT}, {f"{AT}/method"}),
        ({"method": ["create"], "contact": CONTACT}, {f"{AT}/method"}),
        ({"method": "create"}, {f"{AT}/contact"}),
        ({"method": "create", "contact": None}, {f"{AT}/contact"}),
        (
            {"method": "create", "id": 7, "if_match": '"1"', "contact": CONTACT},
            {f"{AT}/id", f"{AT}/if_match"},
        ),
        ({"method": "update"}, {f"{AT}/id", f"{AT}/contact"}),
        ({"method": "replace", "id": 7}, {f"{AT}/contact"}),
        ({"method": "delete"}, {f"{AT}/id"}),
        ({"method": "delete", "id": 7, "contact": {}}, {f"{AT}/contact"}),
        ({"method": "delete", "id": "7"}, {f"{AT}/id"}),
        ({"method": "delete", "id": 0}, {f"{AT}/id"}),
        ({"method": "delete", "id": 2**63}, {f"{AT}/id"}),
        ({"method": "delete", "id": 7, "if_match": 1}, {f"{AT}/if_match"}),
        ({"method": "delete", "id": 7, "if-match": '"1"'}, {f"{AT}/if-match"}),
    ],
)
async def test_an_operation_that_is_none_is_refused_with_the_whole_batch(
    grace: Person, operation: Any, found: set[str]
) -> None:
    response = await send(grace, operation, create(), atomic=False)
    assert await pointers(response) == found
    assert await book(grace) == []


async def test_what_does_not_fit_of_a_contact_is_named_as_in_its_own_call(
    grace: Person,
) -> None:
    ada = await grace.add_contact()
    wrong: list[tuple[Any, str]] = [
        ({"emails": [{"value": "a@example.com"}, {"value": "no"}]}, "/emails/1/value"),
        ({"shoe_size": 43, "notes": 1}, "/shoe_size"),
        ({"first_name": ""}, "/first_name"),
        ({"email": "a@example.com", "emails": [{"value": "b@example.com"}]}, "/emails"),
        ({"tags": ["x"] * 51}, "/tags"),
        ([], ""),
        ("Ada", ""),
    ]
    paths = {"create": ("POST", "/api/contacts/"), "replace": ("PUT", f"/api/contacts/{ada['id']}")}
    paths["update"] = "PATCH", paths["replace"][1]
    operations, expected = [], []
    for method, (verb, path) in paths.items():
        for contact, _ in wrong:
            given = {} if method == "create" else {"id": ada["id"]}
            operations.append({"method": method, "contact": contact} | given)
            own = await grace.request(verb, path, json=contact)
            expected.append((await problem(own, 422, "validation_failed"))["errors"])

    results = await each_done(grace, *operations)

    for place, (result, errors) in enumerate(zip(results, expected, strict=True)):
        at = f"/operations/{place}/contact"
        assert result["status"] == 422
        told_errors = result["problem"]["errors"]
        assert told_errors == [error | {"pointer": at + error["pointer"]} for error in errors]
        assert wrong[place % len(wrong)][1] in {error["pointer"] for error in errors}
    assert await book(grace) == [ada]


async def test_what_only_the_service_sets_may_be_sent_back(grace: Person) -> None:
    ada, bea = await grace.add_contact(), await grace.add_contact(first_name="Bea")
    whole = ada | {"notes": "x"}
    results = await each_done(
        grace,
        update(ada, **whole),
        update(ada, **bea),
        create(**bea | {"uid": "another"}),
        {"method": "delete", "id": bea["id"], "contact": None, "if_match": None},
    )
    assert told(results) == [200, "validation_failed", 201, 204]
    [error] = results[1]["problem"]["errors"]
    assert error["pointer"] == "/operations/1/contact/id"


async def test_a_number_is_read_by_the_users_region(grace: Person) -> None:
    await grace.patch("/api/users/me", json={"region": "GB"})
    [result] = await done(grace, create(phone="020 7946 0958"))
    assert result["contact"]["phone"] == "+442079460958"


async def test_more_than_200_or_no_list_is_refused(grace: Person) -> None:
    for body in (
        {"operations": [create()] * 201},
        {"operations": [None] * 100_000},
        {"operations": {"0": create()}},
        {"operations": None},
        {},
    ):
        assert await pointers(await send_body(grace, body)) == {"/operations"}
    assert await pointers(await send(grace, create(), atomic="yes")) == {"/atomic"}
    assert await pointers(await send(grace, create(), dry_run=True)) == {"/dry_run"}
    assert await book(grace) == []


@pytest.mark.slow
async def test_a_body_may_have_4_mib(grace: Person) -> None:
    notes = "漢" * 10_000
    fitting = [create(notes=notes) for _ in range(MAX_BYTES // 30_100)]
    for operations, status in ((fitting, 200), (fitting + fitting[:2], 413)):
        assert (await send(grace, *operations)).status == status


@pytest.mark.slow
async def test_contacts_that_are_too_large_for_an_answer_are_refused(
    grace: Person, pg: asyncpg.Connection
) -> None:
    custom = [{"label": "x" * 50, "value": "y" * 200} for _ in range(20)]
    large = {"notes": "x" * 10_000, "custom": custom, "relations": custom}
    added = []
    for _ in range(2):
        added += [result["contact"] for result in await done(grace, *[create(**large)] * 60)]
    assert len(added) * 15_000 < MAX_CHARACTERS < len(added) * 25_000
    changes = [update(contact, favorite=True) for contact in added]
    response = await send(grace, *changes, atomic=False)
    assert (await problem(response, 413, "payload_too_large"))["detail"].endswith("divide it.")
    assert await pg.fetchval("SELECT max(version) FROM contacts") == 1
    assert told(await done(grace, *changes[:50])) == [200] * 50
