"""How the archive is sent: to its owner alone, one at a time, whole or seen to be broken off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import asyncpg
import pytest

from contactsvc.assembly import services_of
from contactsvc.web import streams
from tests.conftest import MakePerson, Person, problem
from tests.contacts.data_export.test_views import PATH, exported
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.own_app


async def test_how_it_is_sent(grace: Person) -> None:
    response = await grace.get(PATH)

    assert response.headers["Content-Type"] == "application/zip"
    assert response.headers["Cache-Control"] == "no-store"
    name = 'attachment; filename="contactsvc-export.zip"'
    assert response.headers["Content-Disposition"] == name
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    await problem(await grace.client.get(PATH), 401, "unauthenticated")


async def test_one_at_a_time_and_so_many_an_hour(grace: Person, make_person: MakePerson) -> None:
    exports = services_of(grace.client.app).data_exports
    bob = await make_person("bob@example.com")
    with exports.admit(1), exports.admit(2):
        await problem(await bob.get(PATH), 503, "unavailable")
    for _ in range(10):
        await exported(grace)
    refused = await grace.get(PATH)
    await problem(refused, 429, "rate_limited")
    assert refused.headers["RateLimit-Policy"] == '"data-export";q=10;w=3600'
    assert (await bob.get(PATH)).status == 200


async def test_head_makes_no_archive(grace: Person, pg: asyncpg.Connection) -> None:
    response = await grace.request("HEAD", PATH)

    assert response.status == 200
    assert response.headers["Content-Type"] == "application/zip"
    query = "SELECT count(*) FROM audit_events WHERE event = 'sensitive_read'"
    assert await pg.fetchval(query) == 0


@pytest.mark.slow
async def test_one_who_reads_nothing_is_not_waited_for(
    grace: Person, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PATIENCE", 0.05)
    # More than the buffers of both ends hold; random, or it would be packed.
    add = (
        "INSERT INTO contact_photos SELECT n, 'x', 'image/jpeg', "
        "(SELECT string_agg(uuid_send(gen_random_uuid()), '') FROM generate_series(1, 6000)"
        " WHERE n > 0), now(), $1 FROM generate_series(1, 200) n"
    )
    await pg.execute(add, await pg.fetchval("SELECT id FROM users"))
    port = grace.client.server.port
    assert port
    reader, writer = await asyncio.open_connection(grace.client.server.host, port, limit=1024)
    head = f"GET {PATH} HTTP/1.1\r\nHost: x\r\nAuthorization: {grace.headers['Authorization']}\r\n"
    writer.write(f"{head}\r\n".encode())
    exports = services_of(grace.client.app).data_exports

    await until(lambda: exports._admitted)
    await until(lambda: not exports._admitted)

    got = b""
    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE):
            got = await reader.read()
    assert not got.endswith(b"0\r\n\r\n"), "they take it for the whole"
    writer.close()


async def test_an_archive_that_breaks_off_is_not_taken_for_whole(
    grace: Person, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async def broken(_: int) -> AsyncIterator[list[Any]]:
        yield []
        raise RuntimeError("in the middle")

    monkeypatch.setattr("contactsvc.contacts.data_export.repository.contacts", broken)

    with pytest.raises(Exception):  # noqa: B017, PT011 - aiohttp's client raises what it likes
        await (await grace.get(PATH)).read()

    assert "An answer was broken off" in caplog.text
    assert not services_of(grace.client.app).data_exports._admitted
