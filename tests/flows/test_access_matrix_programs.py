"""What programs with an app password may call: of the API the data, of CardDAV what it is for."""

import asyncpg
import pytest
from aiohttp import ClientResponse

from tests.conftest import PASSWORD, Client, Person, problem
from tests.flows.test_access_matrix import (
    ADMIN,
    CARDDAV,
    MATRIX,
    PUBLIC,
    USER,
    Entry,
    entries,
    statuses,
)
from tests.support.app_passwords import add_app_password, basic
from tests.support.photo_uploads import put_photo
from tests.support.pictures import flag


def is_data(entry: Entry) -> bool:
    """Return whether a program with an app password may call it."""
    return entry[1].startswith(("/api/contacts/", "/api/tags/"))


async def test_an_app_password(grace: Person, pg: asyncpg.Connection) -> None:
    """Programs reach contacts and tags, as their user does, and nothing else of theirs."""
    await put_photo(grace, await grace.add_contact(), flag())
    found = await statuses(grace.client, await add_app_password(pg))

    data = {entry for entry in MATRIX if is_data(entry)}
    assert {entry for entry, status in found.items() if status == 403} == (
        entries(USER, ADMIN) - data
    )
    assert {found[entry] for entry in data} <= {200, 204, 400, 404, 415}
    assert all(found[entry] in (200, 400) for entry in data if entry[0] == "GET"), found


@pytest.mark.parametrize("role", ["user", "admin"])
async def test_an_app_password_for_reading(
    grace: Person, pg: asyncpg.Connection, role: str
) -> None:
    await pg.execute("UPDATE users SET role = $1", role)

    found = await statuses(grace.client, await add_app_password(pg, scope="read"))

    reads = {entry for entry in MATRIX if is_data(entry) and entry[0] == "GET"}
    assert {entry for entry, status in found.items() if status == 403} == (
        entries(USER, ADMIN) - reads
    )


async def carddav(client: Client, headers: dict[str, str]) -> dict[Entry, ClientResponse]:
    """Return how each resource of CardDAV answers to a body that is no XML."""
    found = {}
    headers = headers | {"Content-Type": "text/plain"}  # which is no card, either
    for method, path in CARDDAV:
        url = path.format(user_id=1, book_id=1, name="ada")
        found[method, path] = await client.request(
            method, url, data=b"no XML", headers=headers, allow_redirects=False
        )
    return found


@pytest.mark.parametrize("who", ["nobody", "session", "bearer", "wrong", "account"])
async def test_carddav_is_for_programs_alone(
    grace: Person, pg: asyncpg.Connection, who: str
) -> None:
    await grace.add_contact(uid="ada")
    password = await add_app_password(pg)
    headers = {
        "nobody": {},
        "session": grace.headers,
        "bearer": {"Authorization": f"Bearer {password}"},
        "wrong": basic(grace.email, password[:-1]),
        "account": basic(grace.email, PASSWORD),
    }[who]

    for entry, answer in (await carddav(grace.client, headers)).items():
        if CARDDAV[entry] == PUBLIC:
            assert answer.status in (200, 301), entry
        else:
            await problem(answer, 401, "unauthenticated")
            assert answer.headers["WWW-Authenticate"].startswith("Basic "), entry


@pytest.mark.parametrize("scope", ["write", "read"])
async def test_a_program_may_do_in_carddav_what_its_scope_allows(
    grace: Person, pg: asyncpg.Connection, scope: str
) -> None:
    """What it may not do is refused before its body is looked at."""
    await grace.add_contact(uid="ada")
    headers = basic(grace.email, await add_app_password(pg, scope=scope))

    found = {
        entry: answer.status for entry, answer in (await carddav(grace.client, headers)).items()
    }

    writes = {entry for entry in CARDDAV if entry[0] in ("PUT", "DELETE", "PROPPATCH")}
    refused = {entry for entry, status in found.items() if status == 403}
    assert refused == (writes if scope == "read" else set())
    assert set(found.values()) <= {200, 204, 301, 400, 403, 415}
