"""What comes in is bounded as a whole and in time; it is read the same however it is cut."""

import asyncio
import random
import re
import sys

import pytest

from contactsvc.web.middleware.bounded_connection import (
    HEADER_BLOCK,
    HEADER_SECONDS,
    BoundedConnection,
)
from tests.conftest import Client
from tests.support.loop_clock import LoopClock
from tests.support.raw import exchange, head_of_answer, status_of, to_the_end, wire
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.own_app

GET = b"GET /livez HTTP/1.1\r\nHost: x\r\n"
LAST = GET + b"Connection: close\r\n\r\n"
LOGIN = b"POST /api/auth/login HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
CHUNKED = LOGIN + b"Transfer-Encoding: chunked\r\n\r\n"


def fields(size: int) -> bytes:
    """Return header lines of about so many bytes together."""
    line = b"X: " + b"x" * 7995 + b"\r\n"
    return line * (size // len(line)) + b"Y: " + b"y" * (size % len(line)) + b"\r\n"


def statuses(answers: bytes) -> list[int]:
    """Return the statuses of answers that came one after the other."""
    return [int(status) for status in re.findall(rb"HTTP/1\.[01] (\d{3}) ", answers)]


def connections(client: Client) -> list[BoundedConnection]:
    """Return the connections that the service has open."""
    assert client.server.runner
    assert client.server.runner.server
    found = client.server.runner.server.connections
    return [each for each in found if isinstance(each, BoundedConnection)]


async def test_a_header_block_has_a_bound_as_a_whole(
    client: Client, subtests: pytest.Subtests
) -> None:
    large = fields(70_000)
    cases = {
        "whole": GET + large + b"\r\n",
        "without an end": GET + large,
        "behind another request": GET + b"\r\n" + GET + large,
        "behind a body": LOGIN + b"Content-Length: 2\r\n\r\n{}" + GET + large,
    }
    for name, request in cases.items():
        with subtests.test(name):
            answers = await exchange(client, request)
            assert statuses(answers)[-1] == 431
            assert b'"code":"headers_too_large"' in answers

    assert await status_of(client, GET + fields(HEADER_BLOCK - 100) + b"\r\n") == 200


async def test_what_never_ends_is_counted_over_its_pieces(
    client: Client, monkeypatch: pytest.MonkeyPatch, subtests: pytest.Subtests
) -> None:
    # The time for a body would end it, too.
    monkeypatch.setattr(
        sys.modules["contactsvc.web.middleware.validation"], "BODY_TIMEOUT", 10 * PATIENCE
    )
    cases = {
        "a header block": (GET, 431),
        "trailers": (CHUNKED + b"2\r\n{}\r\n0\r\n", 400),
        "an extension of a chunk": (CHUNKED + b"2;", 400),
    }
    for name, (begin, status) in cases.items():
        with subtests.test(name):
            async with wire(client) as (reader, writer):
                answer = asyncio.create_task(to_the_end(reader))
                writer.write(begin)
                for _ in range(400):  # 400 kB
                    await asyncio.sleep(0)  # so that they come piece by piece
                    piece = b"x" * 1000 if "chunk" in name else b"X: " + b"x" * 995 + b"\r\n"
                    writer.write(piece)
                    if answer.done():
                        break
                assert statuses(await answer) == [status]


async def test_what_is_no_body_ends_the_request_that_waits_for_it(client: Client) -> None:
    """It was waited for half a minute, for the parser had told nobody."""
    assert statuses(await exchange(client, CHUNKED + b"nonsense\r\n")) == [400]


async def test_a_header_block_has_its_time(client: Client, subtests: pytest.Subtests) -> None:
    clock = LoopClock()
    cases = {"nothing": b"", "half a line": b"GET /li", "half a block": GET, "empty lines": b"\r\n"}
    for name, begun in cases.items():
        with subtests.test(name):
            async with wire(client) as (reader, writer):
                writer.write(begun)
                await until(lambda: connections(client))
                clock.move(HEADER_SECONDS + 1)
                assert await to_the_end(reader) == b""
            await until(lambda: not connections(client))


async def test_the_next_header_block_has_its_time_too(client: Client) -> None:
    clock = LoopClock()
    async with wire(client) as (reader, writer):
        writer.write(GET + b"\r\n" + GET)
        await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
        await until(lambda: connections(client)[0].unfinished)
        clock.move(HEADER_SECONDS + 1)

        assert b"HTTP/1.1" not in await to_the_end(reader)


async def test_a_connection_between_requests_may_wait(client: Client) -> None:
    clock = LoopClock()
    async with wire(client) as (reader, writer):
        for _ in range(3):
            writer.write(GET + b"\r\n")
            head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
            assert statuses(head) == [200]
            clock.move(HEADER_SECONDS * 10)


MIXED = (
    (GET + b"\r\n", 200),
    (b"\r\n" + GET + b"\r\n", 200),
    (LOGIN + b"Content-Length: 2\r\n\r\n{}", 422),
    (LOGIN + b"Content-Length: 10\r\n\r\n{} \r\n\r\n \r\n", 422),
    (LOGIN + b"Content-Length: 0\r\n\r\n", 422),
    (CHUNKED + b"2\r\n{}\r\n0\r\n\r\n", 422),
    (CHUNKED + b"1\r\n{\r\n5;a=b\r\n\r\n\r\n}\r\n0\r\nX: y\r\n\r\n", 422),
    (GET + fields(40_000) + b"\r\n", 200),
)


@pytest.mark.parametrize("seed", range(4))
async def test_requests_are_answered_in_turn_however_they_are_cut(
    client: Client, seed: int
) -> None:
    chance = random.Random(seed)
    sent = [chance.choice(MIXED) for _ in range(100)]
    stream = b"".join(request for request, _ in sent) + LAST
    largest = (3, 100, 5_000, 1_000_000)[seed]
    async with wire(client) as (reader, writer):
        answers = asyncio.create_task(to_the_end(reader))
        while stream:
            # Small pieces where header blocks meet, or it would take for ever.
            size = chance.randint(1, largest) if len(stream) % 7 else 40_000
            writer.write(stream[:size])
            stream = stream[size:]
            await writer.drain()
            await asyncio.sleep(0)
        assert statuses(await answers) == [status for _, status in sent] + [200]


async def test_of_pipelined_requests_one_waits_and_the_others_are_not_parsed(
    client: Client,
) -> None:
    async with wire(client) as (reader, writer):
        writer.write(LOGIN + b"Content-Length: 2\r\n\r\n" + b"{")  # it is waited for
        await until(lambda: connections(client))
        connection = connections(client)[0]
        writer.write(b"}" + (GET + fields(7000) + b"\r\n") * 400 + LAST)

        answers = asyncio.create_task(to_the_end(reader))
        most = 0
        while not answers.done():
            most = max(most, len(connection._messages))
            await asyncio.sleep(0)
    assert statuses(await answers) == [422] + [200] * 401
    assert most <= 1


@pytest.mark.parametrize(
    "request_",
    [
        GET + b"Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n" + GET + b"\r\n",
        b"CONNECT x:443 HTTP/1.1\r\nHost: x:443\r\n\r\n" + fields(300_000),
    ],
)
async def test_what_follows_an_upgrade_is_dropped(client: Client, request_: bytes) -> None:
    answers = await exchange(client, request_)

    assert len(statuses(answers)) == 1
    assert b"\r\nConnection: close\r\n" in answers


async def test_a_connection_that_goes_on_does_not_say_close(client: Client) -> None:
    assert "Connection: close" not in await head_of_answer(client, GET + b"\r\n")
