"""What is waited for has happened afterwards."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from urllib.parse import urlsplit

import pytest

from tests.support.fault_proxy import FaultProxy
from tests.support.refusing_postgres import refusing_postgres
from tests.support.smtp_server import MailHandler, hanging_server, smtp_server
from tests.support.waiting import PATIENCE

Servers = Callable[[], AbstractAsyncContextManager[int]]


@asynccontextmanager
async def hanging() -> AsyncIterator[int]:
    async with hanging_server() as server:
        yield server.port


@asynccontextmanager
async def taking_mail() -> AsyncIterator[int]:
    async with smtp_server(MailHandler()) as port:
        yield port


@asynccontextmanager
async def forwarding() -> AsyncIterator[int]:
    async with hanging_server() as target, FaultProxy(("127.0.0.1", target.port)) as proxy:
        yield proxy.port


@asynccontextmanager
async def refusing() -> AsyncIterator[int]:
    async with refusing_postgres("28P01", "no") as url:
        port = urlsplit(url).port
        assert port is not None
        yield port


@pytest.mark.parametrize("serve", [hanging, taking_mail, forwarding, refusing])
@pytest.mark.parametrize("rounds", range(6))
async def test_a_server_that_is_closed_leaves_none_open_that_it_has_just_been_sent(
    serve: Servers, rounds: int
) -> None:
    async with serve() as port:
        # Connected by the kernel; the server hears of it when the loop looks.
        client = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE)
        for _ in range(rounds):
            await asyncio.sleep(0)
    with client, suppress(ConnectionResetError):
        while client.recv(1024):
            pass
