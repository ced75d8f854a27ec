"""The client of applications: when it is closed, so are all connections that it has opened.

A body that a server refuses midway is never sent to its end. aiohttp then stops writing, closes the
connection and forgets it, but asyncio closes it only when what has been written so far is sent.
Where the server is slower than the test's end, that would be never.
"""

import asyncio
from typing import Any

import pytest
from aiohttp import TCPConnector, web
from aiohttp.connector import Connection
from aiohttp.test_utils import TestClient, TestServer


class AbortingConnector(TCPConnector):
    """Opens connections, and at its end aborts those that still wait to be closed."""

    def __init__(self) -> None:
        super().__init__()
        self._opened: set[asyncio.Transport] = set()

    async def connect(self, *args: Any, **options: Any) -> Connection:
        """Return a connection, new or used before."""
        connection = await super().connect(*args, **options)
        if connection.transport is not None:
            self._opened.add(connection.transport)
        return connection

    async def close(self, *, abort_ssl: bool = False) -> None:
        """Close all connections, whatever is still to be sent over them."""
        for transport in self._opened:
            if transport.is_closing() and transport.get_write_buffer_size():
                transport.abort()
        await super().close(abort_ssl=abort_ssl)
        await asyncio.sleep(0)  # lets the loop close the sockets


class AbortingClient(TestClient[web.Request, web.Application]):
    """A client that waits for nobody when it is closed."""

    def __init__(self, server: TestServer, **options: Any) -> None:
        super().__init__(server, **({"connector": AbortingConnector()} | options))


@pytest.fixture
def aiohttp_client_cls() -> type[AbortingClient]:
    """The class of pytest-aiohttp's clients."""
    return AbortingClient
