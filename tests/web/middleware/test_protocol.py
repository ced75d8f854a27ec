"""What the server turns away before the application sees it is answered in the same envelope."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.typedefs import Handler
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.app import create_app
from contactsvc.assembly import assemble
from contactsvc.platform.metrics import render
from contactsvc.platform.settings import Settings
from contactsvc.web.middleware.access_log import AccessLog
from tests.conftest import Client, problem
from tests.support.log_lines import log_lines
from tests.support.scrapes import Scrape
from tests.support.waiting import PATIENCE, until


def address(client: Client) -> tuple[str, int]:
    """Return where the service listens."""
    server = client.server
    assert server.port
    return server.host, server.port


async def raw(to: tuple[str, int], request: bytes) -> tuple[int, dict[str, str], bytes]:
    """Send bytes that no well-behaved client would, and return status, headers and body."""
    reader, writer = await asyncio.open_connection(*to)
    writer.write(request)
    await writer.drain()
    head, _, body = (await asyncio.wait_for(reader.read(), PATIENCE)).partition(b"\r\n\r\n")
    writer.close()
    await writer.wait_closed()
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    return int(status.split()[1]), headers, body


BAD_REQUESTS = {
    "a header without a colon": b"GET /livez HTTP/1.1\r\nHost: x\r\nnonsense\r\n\r\n",
    "a method that is none": b"BR(EW /livez HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long query": b"GET /livez?q=" + b"x" * 9000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "a long header": b"GET /livez HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 9000 + b"\r\n\r\n",
    "two lengths": b"POST /livez HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\n"
    b"Content-Length: 2\r\n\r\nxx",
}


@pytest.mark.parametrize("request_", BAD_REQUESTS.values(), ids=BAD_REQUESTS.keys())
async def test_what_is_hardly_http_is_answered_in_the_envelope_too(
    client: Client, request_: bytes
) -> None:
    """These never reach the application's middleware: the server itself turns them away."""
    status, headers, body = await raw(address(client), request_)

    assert 400 <= status < 500
    assert headers["Content-Type"].startswith("application/problem+json")
    assert headers["X-Request-ID"]
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Strict-Transport-Security"] == "max-age=31536000"
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert headers["Server"] == "contactsvc"
    assert headers["X-Request-ID"].encode() in body
    assert b"Traceback" not in body


async def test_what_is_turned_away_is_not_repeated_in_the_log(settings: Settings) -> None:
    """Its line, query and token are in the words of the error that the parser raises."""
    target, secret = b"/api/contacts/?q=canary-q", b"Authorization: Bearer canary.to.ken\r\n"
    host = b"Host: x\r\n"
    requests = [
        b"GET %s HTTP/1.1\r\n%snonsense\r\n\r\n" % (target, host + secret),
        b"GET %s HTTP/1.1\r\n%sAuthorization : Bearer canary\r\n\r\n" % (target, host),
        b"GET %s canary HTTP/9\r\n%s\r\n" % (target, host + secret),
        b"G(T %s HTTP/1.1\r\n%s\r\n" % (target, host + secret),
        b"GET %s HTTP/1.1\r\n%sCookie: canary(=1\r\n\r\n" % (target, host + secret),
        b"GET http://xn--%s HTTP/1.1\r\n%s\r\n" % (target, host + secret),
        b"POST %s HTTP/1.1\r\n%sTransfer-Encoding: chunked\r\n\r\ncanary\r\n"
        % (target, host + secret),
        b"GET %s%s HTTP/1.1\r\n%s\r\n" % (target, b"x" * 9000, host + secret),
    ]
    with log_lines("text", "DEBUG") as lines:
        async with served(settings) as to:
            for request in requests:
                _, writer = connection = await asyncio.open_connection(*to)
                writer.write(request)
                writer.write_eof()
                await asyncio.wait_for(connection[0].read(), PATIENCE)
                writer.close()
                await writer.wait_closed()

    assert "Turned away as no HTTP: " in lines.getvalue()
    assert "canary" not in lines.getvalue()


@asynccontextmanager
async def served(settings: Settings) -> AsyncIterator[tuple[str, int]]:
    """Serve as the command does; the test server would cancel what its client has given up."""
    runner = web.AppRunner(create_app(assemble(settings)), access_log_class=AccessLog)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0]
    await runner.cleanup()


async def test_a_client_that_goes_away_is_no_error_of_the_service(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def under_way() -> float:
        return Scrape(render().decode()).value("http_server_active_requests")

    before = under_way()
    head = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
    async with served(settings) as to:
        _, writer = await asyncio.open_connection(*to)
        writer.write(head + b"Content-Length: 100\r\n\r\n{")
        await until(lambda: under_way() == before + 1)
        writer.close()
        await writer.wait_closed()
        await until(lambda: under_way() == before)

    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_a_body_that_never_comes_is_not_waited_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = sys.modules[
        "contactsvc.web.middleware.validation"
    ]  # its package has a function so named
    monkeypatch.setattr(module, "BODY_TIMEOUT", 0.1)

    async def trickle() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.Event().wait()

    headers = {"Content-Type": "application/json"}
    async with asyncio.timeout(PATIENCE):
        response = await client.post("/api/auth/login", data=trickle(), headers=headers)
        await problem(response, 400, "malformed_body")


async def test_what_is_hardly_http_is_logged_in_a_line(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    good = b"GET /livez HTTP/1.1\r\nHost: x\r\nX-Request-ID: mine\r\nConnection: close\r\n\r\n"
    async with served(settings) as to:
        for request in (*BAD_REQUESTS.values(), good):
            await raw(to, request)

    *bad, last = [record for record in caplog.records if record.name == "aiohttp.access"]
    assert len(bad) == len(BAD_REQUESTS)
    assert all(record.getMessage().startswith("- (no route) 400 ") for record in bad)
    assert last.getMessage().startswith("GET /livez 200 ")
    assert vars(last)["request_id"] == "mine"
    assert not [record for record in caplog.records if record.levelname == "ERROR"]


async def test_an_error_outside_of_the_middleware_is_told_by_the_requests_own_id(
    settings: Settings, aiohttp_client: AiohttpClient, caplog: pytest.LogCaptureFixture
) -> None:
    @web.middleware
    async def fail(request: web.Request, handler: Handler) -> web.StreamResponse:
        await handler(request)
        raise RuntimeError

    app = create_app(assemble(settings))
    app.middlewares.insert(0, fail)
    client = await aiohttp_client(app)

    response = await client.get("/livez", headers={"X-Request-ID": "mine"})

    assert response.headers["X-Request-ID"] == "mine"
    assert (await problem(response, 500, "internal_error"))["request_id"] == "mine"
    assert "Unexpected error in request mine" in caplog.messages
