"""One line a request, with the route's template: a path or a query may name people."""

import asyncio
import logging
import re
from collections.abc import AsyncIterator

import pytest
from aiohttp.test_utils import TestClient, TestServer

from contactsvc.app import create_app
from contactsvc.assembly import assemble
from contactsvc.platform.settings import Settings
from contactsvc.web.middleware.access_log import AccessLog
from tests.conftest import Client, MakePerson
from tests.support.waiting import PATIENCE


@pytest.fixture
async def client(settings: Settings, caplog: pytest.LogCaptureFixture) -> AsyncIterator[Client]:
    """A client of a service that writes the log, which test servers do not."""
    caplog.set_level("INFO", "aiohttp.access")
    server = TestServer(create_app(assemble(settings)))
    await server.start_server(access_log_class=AccessLog)
    async with TestClient(server) as client:
        yield client


def lines(caplog: pytest.LogCaptureFixture) -> list[logging.LogRecord]:
    return [record for record in caplog.records if record.name == "aiohttp.access"]


async def logged(
    client: Client, caplog: pytest.LogCaptureFixture, method: str, path: str, **headers: str
) -> logging.LogRecord:
    """Send a request and return the one line that is written of it."""
    before = len(lines(caplog))
    await (await client.request(method, path, headers=headers)).read()
    async with asyncio.timeout(PATIENCE):
        while len(lines(caplog)) == before:
            await asyncio.sleep(0.01)  # the line may be written behind the answer
    [line] = lines(caplog)[before:]
    return line


@pytest.mark.parametrize(
    ("request_", "told"),
    [
        ("GET /livez", ("GET", "/livez", 200)),
        ("GET /api/contacts/41?q=Zoe", ("GET", "/api/contacts/{contact_id}", 401)),
        ("GET /api/auth/confirmed_email/Zoe", ("GET", "/api/auth/confirmed_email/{token}", 400)),
        ("DELETE /livez", ("DELETE", "/livez", 405)),
        ("GET /Zoe?q=Zoe", ("-", "(no route)", 404)),
    ],
)
async def test_a_line_tells_what_was_asked_and_names_nobody(
    client: Client, caplog: pytest.LogCaptureFixture, request_: str, told: tuple[str, str, int]
) -> None:
    line = await logged(client, caplog, *request_.split(), **{"X-Request-ID": "mine"})

    fields = vars(line)
    words = " ".join(map(str, told))
    assert re.fullmatch(rf"{re.escape(words)} \d+\.\d ms", line.getMessage())
    assert (fields["method"], fields["route"], fields["status"]) == told
    assert (fields["request_id"], fields["duration_ms"] >= 0) == ("mine", True)
    assert "user_id" not in fields
    assert "Zoe" not in str(fields)


async def test_a_line_tells_who_was_signed_in(
    client: Client, make_person: MakePerson, caplog: pytest.LogCaptureFixture
) -> None:
    grace = await make_person()
    async with asyncio.timeout(PATIENCE):
        while len(lines(caplog)) < 1:  # of her sign-in
            await asyncio.sleep(0.01)

    line = await logged(client, caplog, "GET", "/api/users/me", **grace.headers)

    assert vars(line)["user_id"] == 1
    assert grace.email not in str(vars(line))
