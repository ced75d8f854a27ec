"""Requests that no client library would send, written onto the connection as they are."""

import asyncio

from aiohttp.test_utils import TestServer

from tests.conftest import Client
from tests.support.waiting import PATIENCE


async def head_of_answer(client: Client, request: bytes) -> str:
    """Send some bytes, and return the head of the first answer that they get."""
    assert isinstance(client.server, TestServer)
    assert client.server.port
    reader, writer = await asyncio.open_connection(client.server.host, client.server.port)
    writer.write(request)
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    writer.close()
    await writer.wait_closed()
    return head.decode()


async def status_of(client: Client, request: bytes) -> int:
    """Send some bytes, and return the status that they are answered with."""
    return int((await head_of_answer(client, request)).split()[1])
