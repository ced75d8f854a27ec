"""Answers that are made while they are sent: whole, or broken off for everybody to see."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import ClientPayloadError, web
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.platform.errors import Unavailable
from contactsvc.web import streams
from contactsvc.web.streams import streamed
from tests.support.waiting import PATIENCE, until


class Endless:
    """A body without an end, and whether somebody has closed it."""

    is_closed = False

    async def __call__(self) -> AsyncIterator[bytes]:
        try:
            while True:
                yield bytes(100_000)
        finally:
            self.is_closed = True


async def failing(error: BaseException, after: int) -> AsyncIterator[bytes]:
    for _ in range(after):
        yield b"part"
    raise error


def app_of(body: AsyncIterator[bytes], status: int = 200) -> web.Application:
    async def handler(request: web.Request) -> web.StreamResponse:
        headers = {"X-Kind": "stream"}
        return await streamed(request, body, "text/plain", headers, status=status)

    app = web.Application()
    app.router.add_get("/", handler)
    return app


async def test_all_of_it_is_sent(aiohttp_client: AiohttpClient) -> None:
    async def parts() -> AsyncIterator[bytes]:
        for part in (b"one", b"", b"two"):
            yield part

    client = await aiohttp_client(app_of(parts()))
    response = await client.get("/")

    assert (response.status, await response.read()) == (200, b"onetwo")
    assert (response.content_type, response.headers["X-Kind"]) == ("text/plain", "stream")


async def test_it_may_have_another_status(aiohttp_client: AiohttpClient) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b"one"

    response = await (await aiohttp_client(app_of(parts(), 207))).get("/")

    assert (response.status, await response.read()) == (207, b"one")


async def test_nothing_at_all(aiohttp_client: AiohttpClient) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield b""

    client = await aiohttp_client(app_of(parts()))

    assert await (await client.get("/")).read() == b""


@pytest.mark.parametrize("error", [Unavailable(), RuntimeError("x")], ids=repr)
async def test_what_fails_before_it_begins_is_an_ordinary_error(
    aiohttp_client: AiohttpClient, error: Exception
) -> None:
    client = await aiohttp_client(app_of(failing(error, after=0)))

    assert (await client.get("/")).status == 500, "without the middleware that knows better"


@pytest.mark.parametrize("error", [Unavailable(), RuntimeError("x"), TimeoutError()], ids=repr)
async def test_what_fails_in_the_middle_is_broken_off(
    aiohttp_client: AiohttpClient, error: Exception
) -> None:
    client = await aiohttp_client(app_of(failing(error, after=2)))
    response = await client.get("/")

    with pytest.raises(ClientPayloadError):
        await response.read()


async def test_who_takes_nothing_is_left(
    aiohttp_client: AiohttpClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "PATIENCE", 0.05)
    body = Endless()
    client = await aiohttp_client(app_of(body()))
    assert client.server.port
    reader, writer = await asyncio.open_connection(client.server.host, client.server.port)
    writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")

    await until(lambda: body.is_closed)

    with suppress(ConnectionError):
        async with asyncio.timeout(PATIENCE):
            assert not (await reader.read()).endswith(b"0\r\n\r\n")
    writer.close()


async def test_who_goes_away_is_not_waited_for(aiohttp_client: AiohttpClient) -> None:
    body = Endless()
    client = await aiohttp_client(app_of(body()))
    response = await client.get("/")
    response.close()

    await until(lambda: body.is_closed)
