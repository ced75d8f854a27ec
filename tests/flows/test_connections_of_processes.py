"""Both ways of serving, one process or several under gunicorn, bound their connections."""

import asyncio
import signal
from contextlib import AsyncExitStack, suppress
from pathlib import Path

import pytest
from aiohttp import ClientSession

from contactsvc.platform.settings import Settings
from tests.flows.test_leaving import until_health_is
from tests.support.redis_server import RedisServer
from tests.support.service_process import Service
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.process

MAX_CONNECTIONS = 10
GET = b"GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"


async def status(port: int, request: bytes) -> int:
    """Send a request as it is, and return the status of its answer, after which all is over."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    answer = await asyncio.wait_for(reader.read(), PATIENCE)
    writer.close()
    return int(answer.split()[1])


async def silent(port: int, stack: AsyncExitStack) -> asyncio.StreamReader:
    """Open a connection and send half a header block."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    stack.callback(writer.close)
    writer.write(GET)
    return reader


def is_closed(reader: asyncio.StreamReader) -> bool:
    return reader.at_eof() or reader.exception() is not None


@pytest.mark.parametrize("workers", [1, 2])
async def test_every_process_bounds_its_connections(
    tmp_path: Path, settings: Settings, redis_server: RedisServer, workers: int
) -> None:
    service = Service(tmp_path)
    service.share(settings, redis_server.url)
    service.environment |= {"MAX_CONNECTIONS": str(MAX_CONNECTIONS), "TMPDIR": str(tmp_path)}
    port = int(service.environment["PORT"])
    await service.start("--workers", str(workers), until="Listening" if workers > 1 else "Ctrl-C")
    try:
        async with ClientSession() as http:
            await until_health_is(http, service, 200)

        assert await status(port, b"GET http://xn--/livez HTTP/1.1\r\nHost: x\r\n\r\n") == 400
        assert await status(port, GET + b"X: " + b"x" * 7000 + b"\r\n\r\n") == 200
        assert await status(port, GET + (b"X: " + b"x" * 7000 + b"\r\n") * 10 + b"\r\n") == 431

        async with AsyncExitStack() as stack:
            held = []
            for _ in range(4 * MAX_CONNECTIONS):
                with suppress(ConnectionError):
                    held.append(await silent(port, stack))
            too_many = len(held) - workers * MAX_CONNECTIONS
            await until(lambda: sum(map(is_closed, held)) >= too_many)
            assert await status(port, GET + b"\r\n") == 200
    finally:
        await service.stop(signal.SIGINT)
