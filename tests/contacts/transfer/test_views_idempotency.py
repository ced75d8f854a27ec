"""An import that is sent again with its key is done once."""

from typing import Any

import asyncpg
import pytest
from aiohttp import ClientResponse, FormData

from tests.conftest import Person, problem
from tests.contacts.transfer.test_views import CSV, IMPORT, bring, report
from tests.support.locks import race

BOOK = "SELECT FROM address_books FOR UPDATE"
KEY = {"Idempotency-Key": "k"}
KILL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)
TWICE = {"on_duplicate": "create"}
COUNT = "SELECT (SELECT count(*) FROM contacts), (SELECT count(*) FROM contact_operations)"


async def send(
    person: Person, content: bytes = CSV, media_type: str = "text/csv", **query: Any
) -> ClientResponse:
    """Import a file, of which each contact is created, with the key."""
    headers = KEY | {"Content-Type": media_type}
    return await person.post(IMPORT, data=content, headers=headers, params=TWICE | query)


async def send_form(person: Person) -> ClientResponse:
    form = FormData()  # which has a boundary of its own each time
    form.add_field("file", CSV, filename="contacts.csv", content_type="text/csv")
    return await person.post(IMPORT, data=form, headers=KEY, params=TWICE)


async def is_replay_of(first: ClientResponse, again: ClientResponse) -> None:
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert await report(again) == await report(first)


@pytest.mark.parametrize("sends", [send, send_form])
async def test_it_is_done_once(grace: Person, pg: asyncpg.Connection, sends: Any) -> None:
    first, again = await sends(grace), await sends(grace)

    await is_replay_of(first, again)
    assert (await report(again))["created"] == 2
    assert tuple(await pg.fetchrow(COUNT)) == (2, 1)
    assert (await report(await bring(grace, CSV, **TWICE)))["created"] == 2


async def test_another_file_or_another_way_is_another_request(
    grace: Person, pg: asyncpg.Connection
) -> None:
    assert (await send(grace)).status == 200
    for other in (
        await send(grace, CSV + b"Eve,,,\r\n"),
        await send(grace, tag="new"),
        await send(grace, media_type="text/vcard"),
        await grace.post("/api/contacts/", json={"first_name": "Ada"}, headers=KEY),
    ):
        await problem(other, 422, "idempotency_key_reused")
    assert tuple(await pg.fetchrow(COUNT)) == (2, 1)


async def test_what_is_no_import_leaves_the_key_free(grace: Person) -> None:
    await problem(await send(grace, b"\0" * 100), 400, "malformed_body")
    assert (await report(await send(grace)))["created"] == 2


async def test_a_dry_run_is_told_again(grace: Person, pg: asyncpg.Connection) -> None:
    first, again = [await send(grace, dry_run="true") for _ in range(2)]
    await is_replay_of(first, again)
    assert tuple(await pg.fetchrow(COUNT)) == (0, 0)


@pytest.mark.own_app
async def test_meanwhile_it_is_under_way(
    grace: Person, pg: asyncpg.Connection, postgres_url: str
) -> None:
    await bring(grace, CSV)

    async def one_more() -> None:
        await problem(await send(grace), 409, "conflict")

    (first,) = await race(pg, postgres_url, BOOK, send(grace), meanwhile=one_more)

    await is_replay_of(first, await send(grace))
    assert tuple(await pg.fetchrow(COUNT)) == (4, 2)


@pytest.mark.own_app
async def test_what_dies_before_the_commit_is_done_anew(
    grace: Person, pg: asyncpg.Connection, postgres_url: str
) -> None:
    await bring(grace, CSV)

    async def die() -> None:
        assert await pg.fetch(KILL)

    (lost,) = await race(pg, postgres_url, BOOK, send(grace), meanwhile=die)

    await problem(lost, 503, "unavailable")
    await is_replay_of(await send(grace), await send(grace))
    assert tuple(await pg.fetchrow(COUNT)) == (4, 2)


@pytest.mark.own_app
async def test_the_answer_is_kept_with_the_contacts_or_neither_is(
    grace: Person, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Another process has taken the key over, and so the answer cannot be kept."""
    await bring(grace, CSV)

    async def take_over() -> None:
        await pg.execute("UPDATE idempotency_keys SET claim = 'another'")

    (late,) = await race(pg, postgres_url, BOOK, send(grace), meanwhile=take_over)

    await problem(late, 409, "conflict")
    assert tuple(await pg.fetchrow(COUNT)) == (2, 1)


@pytest.mark.parametrize("key", ["a b", "x" * 256])
async def test_a_key_is_looked_at_before_the_file(grace: Person, key: str) -> None:
    headers = {"Idempotency-Key": key, "Content-Type": "application/json"}
    body = await problem(
        await grace.post(IMPORT, data=b"{}", headers=headers), 422, "validation_failed"
    )
    assert [error["pointer"] for error in body["errors"]] == ["/Idempotency-Key"]
