"""A client that is closed leaves nothing open, whatever became of its requests."""

import asyncio
from io import BytesIO

from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from tests.conftest import Client
from tests.support.waiting import until


async def refused_midway(
    aiohttp_client: AiohttpClient, read_on: asyncio.Event
) -> tuple[Client, asyncio.Transport]:
    """Return a client and its connection, which is being closed but still has much to send.

    Args:
        aiohttp_client: Makes the client.
        read_on: Lets the server read the rest of the body.
    """
    go_on = asyncio.Event()

    async def refuse(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.pause_reading()
        answer = web.StreamResponse(status=413, headers={"Connection": "close"})
        await answer.prepare(request)
        await go_on.wait()
        readers.append(asyncio.create_task(read(request.transport)))
        return answer

    async def read(transport: asyncio.Transport) -> None:
        await read_on.wait()
        transport.resume_reading()

    readers: list[asyncio.Task[None]] = []
    app = web.Application()
    app.router.add_post("/", refuse)
    client = await aiohttp_client(app)
    response = await client.post("/", data=BytesIO(bytes(32 * 1024**2)))
    assert response.connection is not None
    transport = response.connection.transport
    assert transport is not None
    await until(transport.get_write_buffer_size)  # more than the kernel takes
    go_on.set()
    assert (response.status, await response.read()) == (413, b"")
    return client, transport


def is_closed(transport: asyncio.Transport) -> bool:
    return bool(transport.get_extra_info("socket").fileno() == -1)


async def test_a_body_that_nobody_reads_keeps_no_connection_open(
    aiohttp_client: AiohttpClient,
) -> None:
    client, transport = await refused_midway(aiohttp_client, asyncio.Event())
    await client.session.close()
    assert is_closed(transport)


async def test_one_that_was_sent_to_its_end_meanwhile_is_no_matter(
    aiohttp_client: AiohttpClient,
) -> None:
    read_on = asyncio.Event()
    client, transport = await refused_midway(aiohttp_client, read_on)
    read_on.set()
    await until(lambda: is_closed(transport))
    await client.session.close()
    assert is_closed(transport)
