"""The proxy that breaks connections in the tests of outages does what it says."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import suppress
from pathlib import Path

import pytest

from tests.support.fault_proxy import FaultProxy, Target
from tests.support.waiting import PATIENCE

End = tuple[asyncio.StreamReader, asyncio.StreamWriter]
Call = Callable[[], Awaitable[End]]


class Echo(asyncio.Protocol):
    """Shouts back."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._transport.write(data.upper())


@pytest.fixture(params=["tcp", "unix"])
async def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[FaultProxy]:
    """A proxy before a server that shouts back, on a port or on a socket in a folder."""
    loop = asyncio.get_running_loop()
    path = str(tmp_path / "s")
    target: Target
    if request.param == "unix":
        server, target = await loop.create_unix_server(Echo, path), path
    else:
        server = await loop.create_server(Echo, "127.0.0.1", 0)
        target = server.sockets[0].getsockname()
    async with FaultProxy(target) as proxy:
        yield proxy
    server.close()


@pytest.fixture
async def call(proxy: FaultProxy) -> AsyncIterator[Call]:
    """Open a connection; it is closed when the test ends."""
    writers: list[asyncio.StreamWriter] = []

    async def call() -> End:
        end = await asyncio.open_connection("127.0.0.1", proxy.port)
        writers.append(end[1])
        return end

    yield call
    for writer in writers:
        writer.transport.abort()
    await asyncio.sleep(0)  # lets them see it


async def said(end: End, words: bytes) -> bytes:
    """Return the answer to ``words``."""
    end[1].write(words + b"\n")
    async with asyncio.timeout(PATIENCE):
        return await end[0].readline()


async def unheard(proxy: FaultProxy, end: End, words: bytes) -> bool:
    """Return whether ``words``, or the answer to them, are swallowed."""
    proxy.swallowed.clear()
    end[1].write(words + b"\n")
    async with asyncio.timeout(PATIENCE):
        await proxy.swallowed.wait()
    with suppress(TimeoutError):
        async with asyncio.timeout(0.02):
            await end[0].readline()
            return False
    return True


async def test_it_forwards_and_delays(proxy: FaultProxy, call: Call) -> None:
    end = await call()
    assert await said(end, b"hello") == b"HELLO\n"

    proxy.latency(0.06)
    begin = asyncio.get_running_loop().time()
    assert await said(end, b"hello") == b"HELLO\n"
    assert asyncio.get_running_loop().time() - begin >= 0.12

    end[1].write_eof()
    assert await end[0].read() == b"", "who hangs up is heard"


async def test_it_resets(proxy: FaultProxy, call: Call) -> None:
    end = await call()
    assert await said(end, b"hello") == b"HELLO\n"

    proxy.reset()

    with pytest.raises(ConnectionResetError):
        await end[0].read()
    with pytest.raises(ConnectionResetError):
        await (await call())[0].read()
    await proxy.mend()
    assert await said(await call(), b"hello") == b"HELLO\n"


async def test_it_refuses(proxy: FaultProxy, call: Call) -> None:
    port = proxy.port
    proxy.refuse()
    with pytest.raises(ConnectionRefusedError):
        await call()

    await proxy.mend()

    assert proxy.port == port
    assert await said(await call(), b"hello") == b"HELLO\n"


async def test_it_swallows(proxy: FaultProxy, call: Call) -> None:
    before = await call()
    assert await said(before, b"hello") == b"HELLO\n"
    proxy.blackhole()
    assert await unheard(proxy, before, b"hello")
    assert await unheard(proxy, await call(), b"hello")
    assert proxy.swallowed.is_set()

    await proxy.mend()

    assert await unheard(proxy, before, b"hello"), "it has been forgotten"
    assert await said(await call(), b"hello") == b"HELLO\n"


async def test_it_cuts_what_there_is(proxy: FaultProxy, call: Call) -> None:
    before = await call()
    assert await said(before, b"hello") == b"HELLO\n"

    proxy.half_open("answers")

    assert await unheard(proxy, before, b"hello")
    assert await said(await call(), b"hello") == b"HELLO\n"


async def test_it_acts_before_words_are_heard(proxy: FaultProxy, call: Call) -> None:
    end = await call()
    proxy.before(b"begin", b"commit", act=proxy.half_open)

    assert await said(end, b"commit") == b"COMMIT\n"
    assert await said(end, b"begin") == b"BEGIN\n"
    assert await unheard(proxy, end, b"commit")
