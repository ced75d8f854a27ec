"""Connections are few, each request is answered or its connection closed, nothing is drained."""

import asyncio
import gzip
import re
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import orjson
import pytest
from aiohttp import ClientSession, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_parser import DeflateBuffer
from aiohttp.streams import StreamReader
from aiohttp.test_utils import TestServer, make_mocked_request
from aiohttp.web_protocol import RequestHandler

from contactsvc.assembly import services_of
from contactsvc.web.middleware import connection
from contactsvc.web.middleware.connection import (
    LINGER_BYTES,
    LINGER_SECONDS,
    STALLED_SECONDS,
    close_unread,
)
from tests.conftest import Client, MakeClient, problem
from tests.support.loop_clock import LoopClock
from tests.support.raw import address, exchange, status_of, to_the_end, unanswered, wire
from tests.support.waiting import PATIENCE, until
from tests.web.middleware.test_bounded_connection import (
    GET,
    LAST,
    LOGIN,
    connections,
    fields,
    statuses,
)

pytestmark = pytest.mark.own_app

WARNINGS = ("WARNING", "ERROR", "CRITICAL")


def complaints(caplog: pytest.LogCaptureFixture) -> list[str]:
    """Return the log lines that somebody should read."""
    return [record.getMessage() for record in caplog.records if record.levelname in WARNINGS]


BEYOND_AIOHTTP = [
    b"GET http://xn--/livez HTTP/1.1\r\nHost: x\r\n\r\n",
    b"CONNECT xn--:443 HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST http://xn--/livez HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
]


@pytest.mark.parametrize("request_", BEYOND_AIOHTTP)
async def test_what_aiohttp_fails_over_is_answered(
    client: Client, caplog: pytest.LogCaptureFixture, request_: bytes
) -> None:
    """The host of such a URL raised an error of Unicode that nobody caught, and nobody answered."""
    head, _, body = (await exchange(client, request_)).partition(b"\r\n\r\n")

    assert statuses(head) == [400]
    assert b"application/problem+json" in head
    assert orjson.loads(body)["code"] == "malformed_body"
    (line,) = complaints(caplog)
    assert re.search("Unicode(Decode)?Error", line)
    assert "xn--" not in line


@pytest.mark.parametrize(
    ("where", "status"),
    [("request_factory", 400), ("resolve", 400), ("data_received", 400), ("start", None)],
)
async def test_no_exception_of_aiohttp_leaves_a_client_waiting(
    client: Client,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
    where: str,
    status: int | None,
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError("what aiohttp does not expect")

    assert await status_of(client, LAST) == 200
    places: dict[str, object] = {
        "request_factory": client.server.runner.server,  # type: ignore[union-attr]
        "resolve": web.UrlDispatcher,
    }
    monkeypatch.setattr(places.get(where, RequestHandler), where, fail)

    if status is None:
        assert await unanswered(client, LAST)
    else:
        assert await status_of(client, LAST) == status
    (line,) = complaints(caplog)
    assert "ZeroDivisionError" in line
    assert "\n" not in line


async def test_nothing_is_unpacked_that_nobody_asks_for(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    unpacked = []
    monkeypatch.setattr(DeflateBuffer, "feed_data", lambda _, *given: unpacked.append(given))
    packed = gzip.compress(bytes(1_000_000))
    for path in ("/nothing", "/livez", "/api/contacts/", "/api/users/avatar"):
        head = (
            f"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Encoding: gzip\r\n"
            f"Connection: close\r\nContent-Length: {len(packed)}\r\n\r\n"
        )
        answer = await exchange(client, head.encode() + packed)

        assert statuses(answer)[0] in (401, 404, 405)
    assert unpacked == []


@pytest.fixture
def drained(monkeypatch: pytest.MonkeyPatch) -> list[StreamReader]:
    """The bodies that somebody has begun to read."""
    bodies: list[StreamReader] = []
    real = StreamReader.readany

    async def readany(self: StreamReader) -> bytes:
        bodies.append(self)
        return await real(self)

    monkeypatch.setattr(StreamReader, "readany", readany)
    return bodies


@pytest.mark.parametrize("sends", ["nothing", "too much"])
async def test_a_body_that_nobody_reads_is_not_waited_for(
    client: Client, drained: list[StreamReader], monkeypatch: pytest.MonkeyPatch, sends: str
) -> None:
    """The answer comes and the connection ends, whether or not the client goes on sending."""
    clock = LoopClock()
    if sends == "too much":  # the time alone would end it, too
        monkeypatch.setattr(connection, "LINGER_SECONDS", 10 * PATIENCE)
    async with wire(client) as (reader, writer):
        writer.write(b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 250000\r\n\r\n")
        head = await to_the_end(reader)
        assert statuses(head) == [404]
        assert b"\r\nConnection: close\r\n" in head
        if sends == "nothing":
            clock.move(LINGER_SECONDS + 1)
        else:
            writer.write(bytes(LINGER_BYTES + 1))
        await until(lambda: not connections(client))
    assert drained == []


async def test_a_client_that_sends_all_of_its_body_first_gets_the_answer(client: Client) -> None:
    size = 32 * 1024 * 1024  # more than the buffers of both ends hold
    async with wire(client) as (reader, writer):
        writer.write(
            f"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: {size}\r\n\r\n".encode()
        )
        writer.write(bytes(size))
        await writer.drain()
        writer.write_eof()

        assert statuses(await to_the_end(reader)) == [413]


async def test_a_small_body_that_nobody_reads_harms_no_connection(client: Client) -> None:
    request = b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc"

    assert statuses(await exchange(client, request + LAST)) == [404, 200]


async def test_an_answer_that_says_close_is_the_last() -> None:
    """Even where the rest of the body comes after all, while the answer is on its way."""
    content = StreamReader(BaseProtocol(asyncio.get_running_loop()), 2**16)
    request = make_mocked_request("POST", "/nothing", payload=content)
    response = web.Response()

    close_unread(request, response)
    content.feed_eof()

    assert response.headers["Connection"] == "close"
    assert response.keep_alive is False


async def test_whoever_waits_longest_makes_room(make_client: MakeClient) -> None:
    client = await make_client(max_connections=3)
    async with AsyncExitStack() as stack:
        waiting = []
        for begun in (b"", GET, b""):
            reader, writer = await stack.enter_async_context(wire(client))
            writer.write(begun)
            waiting.append(reader)
            await until(lambda: len(connections(client)) == len(waiting))

        assert await status_of(client, LAST) == 200
        assert await to_the_end(waiting[0]) == b""
        assert not waiting[1].at_eof()
        assert await status_of(client, LAST) == 200
        assert not waiting[2].at_eof()


async def test_who_has_been_told_to_go_makes_room_at_once(make_client: MakeClient) -> None:
    """Their answers are out, and they are only listened to so that these arrive."""
    client = await make_client(max_connections=3)
    async with AsyncExitStack() as stack:
        for _ in range(3):
            reader, writer = await stack.enter_async_context(wire(client))
            writer.write(b"POST /nothing HTTP/1.1\r\nHost: x\r\nContent-Length: 250000\r\n\r\n")
            assert statuses(await to_the_end(reader)) == [404]
        assert len(connections(client)) == 3

        assert await status_of(client, LAST) == 200


async def test_where_all_are_busy_there_is_no_room(
    make_client: MakeClient, caplog: pytest.LogCaptureFixture
) -> None:
    client = await make_client(max_connections=3)
    async with AsyncExitStack() as stack:
        busy = []
        for _ in range(3):
            reader, writer = await stack.enter_async_context(wire(client))
            writer.write(LOGIN + b"Content-Length: 2\r\n\r\n{")
            busy.append((reader, writer))
        await until(lambda: [each.idle for each in connections(client)] == [False] * 3)  # type: ignore[attr-defined]

        for _ in range(5):
            assert await unanswered(client, LAST)
        assert len([line for line in complaints(caplog) if "MAX_CONNECTIONS" in line]) == 1

        for reader, writer in busy:
            writer.write(b"}")
            await reader.readuntil(b"\r\n\r\n")
    await until(lambda: not connections(client))
    assert await status_of(client, LAST) == 200


async def test_who_holds_most_of_what_is_unfinished_makes_room(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services_of(client.app).connections, "_max_pending", 100_000)
    async with AsyncExitStack() as stack:
        begun, sent = [], 0
        for size in (20_000, 60_000, 40_000):
            reader, writer = await stack.enter_async_context(wire(client))
            writer.write(LAST[:-2] + fields(size))
            begun.append((reader, writer))
            sent += len(LAST[:-2] + fields(size))
            if len(begun) < 3:  # the third is one too many
                await until(lambda: sum(each.unfinished for each in connections(client)) == sent)  # noqa: B023

        await until(lambda: len(connections(client)) == 2)
        for reader, writer in (begun[0], begun[2]):
            writer.write(b"\r\n")
            assert statuses(await to_the_end(reader)) == [200]


async def test_a_client_that_takes_nothing_of_its_answer_is_given_up(client: Client) -> None:
    clock = LoopClock()
    with socket.socket() as slow:
        slow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        slow.connect(address(client))
        slow.send((GET.replace(b"/livez", b"/api/docs/openapi.json") + b"\r\n") * 100)
        await until(lambda: any(each.writing_paused for each in connections(client)))

        clock.move(STALLED_SECONDS + 1)

        await until(lambda: not connections(client))


async def test_others_servers_keep_their_connections(client: Client) -> None:
    """Tests run some beside the service; what they are sent is unpacked as ever."""

    async def echo(request: web.Request) -> web.Response:
        assert type(request.protocol) is RequestHandler
        return web.Response(body=await request.read())

    app = web.Application()
    app.router.add_post("/", echo)
    async with TestServer(app) as other, ClientSession() as http:
        response = await http.post(other.make_url("/"), data=b"x" * 100, compress="gzip")
        assert await response.read() == b"x" * 100


async def test_a_body_that_comes_late_does_not_cost_the_answer(client: Client) -> None:
    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield bytes(2000)
            await asyncio.sleep(0)

    response = await client.post("/nothing", data=slowly())

    await problem(response, 404, "not_found")
