"""Pages of large contacts end early, and leave none out."""

import json
from functools import partial

import asyncpg
import pytest

from contactsvc.contacts import page_size
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.page_size import MAX_CHARACTERS, STEP, bounded
from contactsvc.contacts.repository import ContactRepository
from tests.conftest import Person
from tests.support.rows import statements

LISTS = {
    "contacts": "/api/contacts/?",
    "search": "/api/contacts/?q=ada&",
    "birthdays": "/api/contacts/birthdays?days=366&",
    "trash": "/api/contacts/trash?",
}
LARGE = {"notes": "x" * 4000}
SMALL = {"notes": "x"}
LARGEST = {
    "addresses": [{"street": "\U00020000" * 500, "city": "\U00020000" * 200}] * 20,
    "custom": [{"label": "", "value": "\U00020000" * 200}] * 20,
    "notes": "\U00020000" * 10_000,
}


async def pages(person: Person, path: str, limit: int) -> list[list[int]]:
    """Return the ids of all pages of a list."""
    found: list[list[int]] = []
    cursor = ""
    while True:
        response = await person.get(f"{path}limit={limit}{cursor}")
        assert response.status == 200
        answer = await response.json()
        found.append([item["id"] for item in answer["items"]])
        if answer["next_cursor"] is None:
            return found
        cursor = f"&cursor={answer['next_cursor']}"


@pytest.mark.slow
@pytest.mark.parametrize("name", list(LISTS))
@pytest.mark.parametrize("step", [1, 2, 3, STEP])
async def test_a_page_ends_before_the_contact_that_is_too_much(
    grace: Person, monkeypatch: pytest.MonkeyPatch, name: str, step: int
) -> None:
    monkeypatch.setattr(page_size, "MAX_CHARACTERS", 10_000)
    monkeypatch.setattr(page_size, "STEP", step)
    sizes = [LARGE, LARGE, LARGE, SMALL, SMALL, LARGE, {"notes": "x" * 9_999}, LARGE]
    for number, size in enumerate(sizes):
        await grace.add_contact(first_name=f"Ada {number}", birthday="--05-05", **size)
    if name == "trash":
        for number in reversed(range(len(sizes))):
            assert (await grace.delete(f"/api/contacts/{number + 1}")).status == 204

    assert await pages(grace, LISTS[name], 200) == [[1, 2], [3, 4, 5, 6], [7], [8]]
    assert await pages(grace, LISTS[name], 2) == [[1, 2], [3, 4], [5, 6], [7], [8]]


async def test_the_largest_contacts_make_answers_of_eight_megabytes_at_most(
    grace: Person, pg: asyncpg.Connection
) -> None:
    await grace.add_contact(first_name="Ada", **LARGEST)
    columns = "owner_id, first_name, last_name, notes, details, first_name_sort, last_name_sort"
    columns += ", search_key, version, derived_version, created_at, updated_at"
    await pg.execute(
        f"INSERT INTO contacts ({columns}) SELECT {columns} FROM contacts, generate_series(1, 59)"
    )
    read = 0
    cursor: str | None = ""
    while cursor is not None:
        response = await grace.get(f"/api/contacts/?limit=200{cursor}")
        body = await response.read()
        assert len(body) <= 4 * MAX_CHARACTERS
        answer = json.loads(body)
        read += len(answer["items"])
        cursor = answer["next_cursor"] and f"&cursor={answer['next_cursor']}"
    assert read == 60


@pytest.mark.parametrize(("limit", "trips"), [(STEP, 1), (STEP + 1, 2)])
async def test_up_to_fifty_take_one_statement(
    contacts: ContactRepository, limit: int, trips: int
) -> None:
    for number in range(limit):
        await contacts.create({"first_name": f"{number}"})
    read = partial(contacts.page, ContactFilter(), "last_name")
    with statements() as sent:
        page = await bounded(read, limit)
    assert (len(page.rows), page.next_position) == (limit, None)
    assert len(sent) == trips
