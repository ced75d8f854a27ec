"""Lists in pages, one and all: a cursor is good for the query that it came from, and no other.

The lists and their parameters are those of the OpenAPI document, so one that is new is tried, too.
"""

from datetime import UTC, datetime
from itertools import permutations, product
from typing import Any

import asyncpg
import pytest

from contactsvc.web.listing import CursorScope
from tests.conftest import Client, MakePerson, Person, pointers
from tests.mail.support import ask
from tests.support.openapi import Json
from tests.support.routes import filled

Lists = dict[str, list[Json]]

NOT_BOUND = {"limit", "cursor"}
FREE = {("/api/contacts", "include_total")}
"""Parameters that neither choose the rows nor sort them; they may change from page to page."""

SHARED = "/api/admin/"
"""What everybody who may read it sees alike."""


@pytest.fixture
async def lists(client: Client) -> Lists:
    """The paths of all lists in pages, and the parameters of each."""
    document = await (await client.get("/api/docs/openapi.json")).json()
    queries = {
        path: [p for p in item.get("get", {}).get("parameters", []) if p["in"] == "query"]
        for path, item in document["paths"].items()
    }
    return {
        filled(path): [p for p in query if p["name"] not in NOT_BOUND]
        for path, query in queries.items()
        if any(parameter["name"] == "cursor" for parameter in query)
    }


@pytest.fixture
async def reader(
    make_person: MakePerson, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> Person:
    """An administrator with several rows in every list, whatever is asked for.

    Those of one contact are of the first one, which the paths of ``lists`` name.
    """
    monkeypatch.setattr(
        "contactsvc.platform.clock.now", lambda: datetime(2027, 3, 10, 12, tzinfo=UTC)
    )
    people = [await make_person(f"{name}@example.com", "Ada Lace") for name in ("ada", "bea")]
    for person in people:
        await fill(person)
        for _ in range(2):
            await ask(pg, "registration", person.email)
    await pg.execute("UPDATE users SET role = 'admin'")
    await make_person("cleo@example.com")
    await make_person("dea@example.com")
    await people[0].sign_in()
    return people[0]


async def fill(person: Person) -> None:
    names = {"first_name": "Ada Bea", "last_name": "Lace", "organization": "Ada Bea"}
    fields = names | {"email": "ada@example.com", "tags": ["a", "e"]}
    contacts = [
        await person.add_contact(birthday=f"--03-{day}", favorite=favorite, **fields)
        for day, favorite in product((10, 11, 11), (True, False))
    ]
    paths = [f"/api/contacts/{contact['id']}" for contact in contacts]
    for notes in ("a", "b", "c"):
        assert (await person.patch(paths[0], json={"notes": notes})).status == 200
    twin = {"method": "create", "contact": {"first_name": "Twin"}}
    for _ in range(2):  # two operations, and duplicates of each other, as those above are
        answer = await person.post("/api/contacts/batch", json={"operations": [twin]})
        assert answer.status == 200
    for path in paths[-2:]:
        assert (await person.delete(path)).status == 204


def values_of(parameter: Json) -> list[str | None]:
    """Return what a parameter may be, each of it another query; None leaves it out."""
    schema = parameter["schema"]
    if "enum" in schema:
        values = schema["enum"]
    elif schema["type"] == "array":
        values = ["a", "e"]
    elif "boolean" in schema["type"]:
        values = [True, False]
    elif "integer" in schema["type"]:
        values = [1, 2]
    else:
        values = [schema["example"]] if "example" in schema else ["a", "e"]
    different = [value for value in values if value not in (None, schema.get("default"))]
    assert different, "there is nothing to tell apart"
    return [None, *(str(v).lower() if isinstance(v, bool) else str(v) for v in different)]


async def cursor_of(person: Person, path: str, **params: str) -> Any:
    """Return the cursor that a first page gives."""
    response = await person.get(path, params={"limit": "1", **params})
    assert response.status == 200, await response.text()
    return (await response.json())["next_cursor"]


def given(name: str, value: str | None) -> dict[str, str]:
    return {} if value is None else {name: value}


async def test_no_parameter_is_forgotten(
    lists: Lists, reader: Person, subtests: pytest.Subtests
) -> None:
    bound = [
        (path, parameter)
        for path, parameters in lists.items()
        for parameter in parameters
        if (path, parameter["name"]) not in FREE
    ]
    for path, parameter in bound:
        name, values = parameter["name"], values_of(parameter)
        with subtests.test(path=path, name=name):
            cursors = {
                value: await cursor_of(reader, path, **given(name, value)) for value in values
            }
            assert cursors[None], "the fixture has too few rows of this list"
            for (value, cursor), other in product(cursors.items(), values):
                if cursor is None:
                    continue
                response = await reader.get(path, params=given(name, other) | {"cursor": cursor})
                if other == value:
                    assert response.status == 200, value
                else:
                    assert await pointers(response) == {"/cursor"}, (value, other)


async def test_a_free_parameter_may_change(lists: Lists, reader: Person) -> None:
    parameters = {(path, p["name"]): p for path, query in lists.items() for p in query}
    for path, name in FREE:
        for value, other in permutations(values_of(parameters[path, name]), 2):
            cursor = await cursor_of(reader, path, **given(name, value))
            response = await reader.get(path, params=given(name, other) | {"cursor": cursor})
            assert response.status == 200


async def test_what_is_meant_anyway_may_be_said(lists: Lists, reader: Person) -> None:
    """A parameter that has its default is the same query as one without it."""
    for path, parameters in lists.items():
        defaults = {p["name"]: p["schema"].get("default") for p in parameters}
        said = {name: str(value) for name, value in defaults.items() if value is not None}
        cursor = await cursor_of(reader, path)
        assert (await reader.get(path, params=said | {"cursor": cursor})).status == 200, path


async def test_a_cursor_of_another_list_is_refused(lists: Lists, reader: Person) -> None:
    cursors = {path: await cursor_of(reader, path) for path in lists}
    for path, other in permutations(lists, 2):
        response = await reader.get(path, params={"cursor": cursors[other]})
        assert await pointers(response) == {"/cursor"}, (path, other)


async def test_a_cursor_of_somebody_else_is_refused(
    lists: Lists, reader: Person, make_person: MakePerson
) -> None:
    stranger = await make_person("eve@example.com")
    own = [path for path in lists if not path.startswith(SHARED)]
    assert own
    for path in own:
        response = await stranger.get(path, params={"cursor": await cursor_of(reader, path)})
        assert await pointers(response) == {"/cursor"}, path


def test_path_user_and_every_value_are_told_apart() -> None:
    """Lists that take the same parameters, too, such as one below each of many contacts."""
    queries = [
        ("/api/contacts/1/versions", 1, {"q": "a", "sort": "id"}),
        ("/api/contacts/2/versions", 1, {"q": "a", "sort": "id"}),
        ("/api/contacts/1/versions", 2, {"q": "a", "sort": "id"}),
        ("/api/contacts/1/versions", 1, {"q": "b", "sort": "id"}),
        ("/api/contacts/1/versions", 1, {"q": "a", "sort": "-id"}),
        ("/api/contacts/1/versions", 1, {"q": "a", "sort": "id", "new": "a"}),
    ]
    for scope, alike in (
        (CursorScope(), 0),
        (CursorScope(by_user=False), 1),
        (CursorScope(values_of=("sort", "q")), 1),  # a form of a list at one path alone
    ):
        assert len({scope.name(*query) for query in queries}) == len(queries) - alike, scope
