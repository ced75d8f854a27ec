"""A PostgreSQL that lets nobody in, in the words of its protocol."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final

from tests.support.waiting import until_accepted

SSL_REQUEST: Final = 80877103
"""What a client sends first where it would like TLS (PostgreSQL's protocol, SSLRequest)."""


@asynccontextmanager
async def refusing_postgres(code: str, message: str) -> AsyncIterator[str]:
    """Give the URL of a server that offers no TLS and ends every session with an error.

    Args:
        code: The SQLSTATE.
        message: What it says.
    """
    text = "\0".join(("SFATAL", "VFATAL", f"C{code}", f"M{message}", "", "")).encode()

    talks: dict[asyncio.Task[None] | None, asyncio.StreamWriter] = {}

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        talks[asyncio.current_task()] = writer
        try:
            while True:
                length = int.from_bytes(await reader.readexactly(4), "big")
                body = await reader.readexactly(length - 4)
                if int.from_bytes(body[:4], "big") != SSL_REQUEST:
                    break
                writer.write(b"N")
            writer.write(b"E" + (len(text) + 4).to_bytes(4, "big") + text)
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # it has hung up
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()
            del talks[asyncio.current_task()]

    async with await asyncio.start_server(talk, "127.0.0.1") as server:
        port = server.sockets[0].getsockname()[1]
        yield f"postgres://ada:hunter2@127.0.0.1:{port}/book"
        await until_accepted(port)
        # Until Python 3.12 a server is closed without those that it talks to.
        for writer in talks.values():
            writer.transport.abort()
        await asyncio.gather(*filter(None, talks), return_exceptions=True)
