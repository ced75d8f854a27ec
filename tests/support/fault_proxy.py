"""A small TCP proxy that does to a connection what networks do to it."""

import asyncio
import socket
import struct
from collections.abc import Callable
from types import TracebackType
from typing import Final, Literal, Self

from tests.support.waiting import until_accepted

Direction = Literal["requests", "answers"]
"""From the client to the server, and back."""

BOTH: Final[tuple[Direction, ...]] = ("requests", "answers")

Target = tuple[str, int] | str
"""Host and port, or the path of a Unix socket."""


class FaultProxy:
    """Stands before a server, forwards, and breaks on demand; a fault lasts until ``mend``.

    What a connection has swallowed is lost, so one that was cut stays silent for ever, as it does
    when a firewall has forgotten it. Neither end of it hears that the other has hung up.

    Args:
        target: The server.

    Attributes:
        port: Where the proxy listens, on 127.0.0.1.
        swallowed: Is set by the first connection or bytes that are not forwarded.
        unheard: What clients have said that was not forwarded.
    """

    def __init__(self, target: Target) -> None:
        self._target = target
        self._server: asyncio.Server | None = None
        self._links: set[_Link] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._blackhole = self._resets = False
        self._words: tuple[bytes, ...] = ()
        self._act: Callable[[], None] | None = None
        self.delay = 0.0
        self.port = 0
        self.swallowed = asyncio.Event()
        self.unheard = b""

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._server is not None:
            await until_accepted(self.port)
        self.refuse()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await asyncio.sleep(0)  # lets the callbacks see that their connections are gone

    async def mend(self) -> None:
        """Forward again; connections that were cut stay so."""
        self._blackhole = self._resets = False
        self.delay = 0.0
        self.swallowed.clear()
        if self._server is None:
            self._server = await asyncio.start_server(self._accept, "127.0.0.1", self.port)
            self.port = self._server.sockets[0].getsockname()[1]

    def latency(self, seconds: float) -> None:
        """Delay whatever is said, in each direction."""
        self.delay = seconds

    def reset(self) -> None:
        """End every connection with RST, and each new one, too."""
        self._resets = True
        self.drop()

    def drop(self) -> None:
        """End every connection that there is with RST."""
        self.swallowed.clear()
        for link in set(self._links):
            link.reset()

    def blackhole(self) -> None:
        """Accept and swallow; nobody gets an answer any more."""
        self._blackhole = True
        self.half_open()

    def half_open(self, *directions: Direction) -> None:
        """Let the connections that there are fall silent, while new ones work.

        Args:
            directions: What is swallowed; both if none is named.
        """
        for link in self._links:
            link.cut.update(directions or BOTH)

    def refuse(self) -> None:
        """Stop listening, and end every connection with RST."""
        if self._server is not None:
            self._server.close()
            self._server = None
        self.drop()

    def before(self, *words: bytes, act: Callable[[], None]) -> None:
        """Call ``act`` once, before the server hears the last of ``words``.

        Args:
            words: What one connection must say, in this order.
            act: What to do.
        """
        self._words, self._act = words, act
        for link in self._links:
            link.said = 0

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if task := asyncio.current_task():
            self._keep(task)
        link = _Link(reader, writer)
        self._links.add(link)
        if self._blackhole:
            link.cut.update(BOTH)
            self.swallowed.set()
        elif self._resets or not await self._reach(link):
            link.reset()
            return
        for direction in BOTH:
            self._keep(asyncio.create_task(self._pump(link, direction)))

    def _keep(self, task: asyncio.Task[None]) -> None:
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reach(self, link: "_Link") -> bool:
        try:
            if isinstance(self._target, str):
                link.server = await asyncio.open_unix_connection(self._target)
            else:
                link.server = await asyncio.open_connection(*self._target)
        except OSError:
            return False
        return True

    async def _pump(self, link: "_Link", direction: Direction) -> None:
        source, sink = link.ends(direction)
        try:
            while source is not None and (data := await source.read(65536)):
                await self._carry(link, direction, sink, data)
        except OSError:
            if not link.cut:
                link.reset()
        if not link.cut:
            link.close()
            self._links.discard(link)

    async def _carry(
        self,
        link: "_Link",
        direction: Direction,
        sink: asyncio.StreamWriter | None,
        data: bytes,
    ) -> None:
        if self.delay:
            await asyncio.sleep(self.delay)
        if direction == "requests":
            self._listen(link, data)
        if direction in link.cut or sink is None:
            self.swallowed.set()
            self.unheard += data if direction == "requests" else b""
            return
        sink.write(data)
        await sink.drain()

    def _listen(self, link: "_Link", data: bytes) -> None:
        while self._act and self._words[link.said] in data:
            link.said += 1
            if link.said == len(self._words):
                act, self._act = self._act, None
                act()


class _Link:
    """One client, and the server behind the proxy that it talks to."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.client = (reader, writer)
        self.server: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None
        self.cut: set[Direction] = set()
        self.said = 0  # how many of the words that the proxy listens for

    def ends(
        self, direction: Direction
    ) -> tuple[asyncio.StreamReader | None, asyncio.StreamWriter | None]:
        """Return where it is read from and where it is written to."""
        ends = [self.client, self.server or (None, None)]
        (source, _), (_, sink) = ends if direction == "requests" else reversed(ends)
        return source, sink

    def reset(self) -> None:
        for writer in self._writers():
            end = writer.get_extra_info("socket")
            if end is not None and end.fileno() >= 0 and end.family != socket.AF_UNIX:
                # Closed without lingering, a connection ends with RST.
                end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    def close(self) -> None:
        for writer in self._writers():
            writer.close()

    def _writers(self) -> list[asyncio.StreamWriter]:
        return [end[1] for end in (self.client, self.server) if end is not None]
