"""What is refused of a merge, with a pointer to what does not fit; nothing is changed then."""

import asyncpg
import pytest

from contactsvc.contacts.merges.schemas import MAX_FROM
from tests.conftest import Person, problem
from tests.contacts.operations.support import body_of, contacts, delete

MERGE = "/api/contacts/merge"


@pytest.fixture
async def ids(grace: Person) -> list[int]:
    """Three contacts of Grace's."""
    return [(await grace.add_contact(first_name=name))["id"] for name in "ABC"]


async def test_a_contact_that_is_not_there_is_not_found_and_named(
    grace: Person, ids: list[int]
) -> None:
    await delete(grace, ids[2])
    for body, name in (
        ({"into": ids[2], "from": ids[:2]}, "/into"),
        ({"into": ids[0], "from": ids[1:]}, "/from/1"),
        ({"into": ids[0], "from": [2**63 - 1]}, "/from/0"),
    ):
        for is_dry in (True, False):
            answer = await grace.post(MERGE, json=body | {"dry_run": is_dry})
            assert name in (await problem(answer, 404, "not_found"))["detail"]
    assert len(await contacts(grace)) == 2


async def test_the_precondition_is_that_of_the_one_that_stays(
    grace: Person, ids: list[int]
) -> None:
    body = {"into": ids[0], "from": ids[1:], "contact": {"notes": "merged"}}
    for headers in ({"If-Match": '"2"'}, {"If-None-Match": '"1"'}, {"If-None-Match": "*"}):
        for is_dry in (True, False):
            answer = await grace.post(MERGE, json=body | {"dry_run": is_dry}, headers=headers)
            await problem(answer, 412, "precondition_failed")
    assert len(await contacts(grace)) == 3

    answer = await grace.post(MERGE, json=body, headers={"If-Match": '"1"'})

    assert (await body_of(answer))["contact"]["notes"] == "merged"
    assert answer.headers["ETag"] == '"2"'
    again = await grace.get(f"/api/contacts/{ids[0]}", headers={"If-None-Match": '"2"'})
    assert again.status == 304


async def test_as_many_as_are_allowed(grace: Person) -> None:
    ids = [(await grace.add_contact(tags=[f"t{n}"]))["id"] for n in range(MAX_FROM + 1)]
    answer = await grace.post(MERGE, json={"into": ids[-1], "from": ids[:-1]})
    assert len((await body_of(answer))["contact"]["tags"]) == MAX_FROM + 1


async def test_what_would_not_all_be_kept_is_refused(
    grace: Person, ids: list[int], pg: asyncpg.Connection
) -> None:
    """Files bring lines that no field holds; those of two contacts may be too much for one."""
    lines = "SELECT jsonb_build_array(format('X-%s:', id) || repeat('x', 300 * 1024))"
    await pg.execute(f"UPDATE contacts SET extra = ({lines})")
    for is_dry in (True, False):
        answer = await grace.post(MERGE, json={"into": ids[0], "from": ids[1:2], "dry_run": is_dry})
        await problem(answer, 409, "conflict")
    assert len(await contacts(grace)) == 3
