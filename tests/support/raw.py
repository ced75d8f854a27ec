"""Requests that no client library would send, written onto the connection as they are."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.conftest import Client
from tests.support.waiting import PATIENCE

Wire = tuple[asyncio.StreamReader, asyncio.StreamWriter]


def address(client: Client) -> tuple[str, int]:
    """Return where the service listens."""
    assert client.server.port
    return client.server.host, client.server.port


@asynccontextmanager
async def wire(client: Client) -> AsyncIterator[Wire]:
    """Open a connection."""
    reader, writer = await asyncio.open_connection(*address(client))
    try:
        yield reader, writer
    finally:
        writer.close()


async def to_the_end(reader: asyncio.StreamReader) -> bytes:
    """Return all that comes until the service closes the connection."""
    return await asyncio.wait_for(reader.read(), PATIENCE)


async def exchange(client: Client, request: bytes) -> bytes:
    """Send some bytes, and return all that comes until the service closes the connection."""
    async with wire(client) as (reader, writer):
        writer.write(request)
        return await to_the_end(reader)


async def unanswered(client: Client, request: bytes) -> bool:
    """Return whether the connection is closed, or reset, without a byte of an answer."""
    try:
        return await exchange(client, request) == b""
    except ConnectionError:
        return True


async def head_of_answer(client: Client, request: bytes) -> str:
    """Send some bytes, and return the head of the first answer that they get."""
    async with wire(client) as (reader, writer):
        writer.write(request)
        head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    return head.decode()


async def status_of(client: Client, request: bytes) -> int:
    """Send some bytes, and return the status that they are answered with."""
    return int((await head_of_answer(client, request)).split()[1])
