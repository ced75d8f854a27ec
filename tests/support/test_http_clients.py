"""A client that is closed leaves nothing open, whatever became of its requests."""

import asyncio
from io import BytesIO

from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from tests.support.waiting import until


async def test_a_body_that_nobody_reads_keeps_no_connection_open(
    aiohttp_client: AiohttpClient,
) -> None:
    go_on = asyncio.Event()

    async def refuse(request: web.Request) -> web.StreamResponse:
        assert request.transport is not None
        request.transport.pause_reading()
        answer = web.StreamResponse(status=413, headers={"Connection": "close"})
        await answer.prepare(request)
        await go_on.wait()
        return answer

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

    await client.session.close()

    assert transport.get_extra_info("socket").fileno() == -1
