"""Reads of many requests, pipelined on one connection to Redis.

redis-py takes a connection out of its pool for each command, looks whether it is alive, and starts
two timers: several times the CPU of the command itself, and no more than a hundred at once. Redis
answers in the order in which it is asked, so here one connection serves all requests, and one timer
watches it.

The library still connects, by TLS or through a Sentinel. It is asked again for whatever goes wrong
here and may go right there, as where the connection has died idle: reads may be repeated.
"""

import asyncio
from collections import deque
from typing import Any, Final, NamedTuple, cast

from redis.asyncio import Redis
from redis.exceptions import TimeoutError as RedisTimeoutError

from contactsvc.platform.redis.connection import Client, is_embedded

Pair = tuple[bytes | None, bytes | None]

_NULLS: Final = (b"$-1", b"_")
"""The null of RESP2 and of RESP3."""


class Reads:
    """Asks for pairs of keys by the library: in a Cluster, and in the process.

    Args:
        redis: The client.
    """

    def __init__(self, redis: Client) -> None:
        self._redis = redis

    async def mget(self, first: str, second: str) -> Pair:
        """Return the values of two keys, which share a hash tag; None for one that is not there.

        Raises:
            RedisError: Redis cannot answer, or does not in time.
            OSError: The connection failed.
        """
        return cast("Pair", tuple(await self._redis.mget(first, second)))

    def drop(self) -> None:
        """Use another connection from now on, where one was kept."""


class PipelinedReads(Reads):
    """Asks one server for pairs of keys, on a connection that it keeps.

    Args:
        redis: The client of one server.
    """

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self._pool: Any = redis.connection_pool
        self._line: _Line | None = None
        self._opening: asyncio.Task[_Line] | None = None

    async def mget(self, first: str, second: str) -> Pair:
        """Do as the library does. The answer of who is cancelled meanwhile is read and dropped."""
        line = self._line if self._line and self._line.is_open else await self._open()
        try:
            return await line.ask(first.encode(), second.encode())
        except _LineLost:
            return await super().mget(first, second)

    def drop(self) -> None:
        """Use another connection; what was asked on this one is asked again."""
        if self._line is not None:
            self._line.close()

    async def _open(self) -> "_Line":
        """Connect once for all who ask meanwhile."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._connect(), name="redis reads")
            self._opening.add_done_callback(self._opened)
        return await asyncio.shield(self._opening)

    def _opened(self, _: asyncio.Task["_Line"]) -> None:
        self._opening = None

    async def _connect(self) -> "_Line":
        if self._line is not None:
            lost, self._line = self._line.connection, None
            await lost.disconnect(nowait=True)
            await self._pool.release(lost)
        self._line = _Line(await self._pool.get_connection())
        return self._line


def reads_of(redis: Client) -> Reads:
    """Return the fastest way to ask for pairs of keys that a client allows."""
    if isinstance(redis, Redis) and not is_embedded(redis):
        return PipelinedReads(redis)
    return Reads(redis)


class _LineLost(Exception):
    """The connection has ended before the answer, or the answer is none that is known here."""


class _Asked(NamedTuple):
    deadline: float
    answer: asyncio.Future[Pair]


class _Line(asyncio.Protocol):
    """One connection, and who waits for an answer on it, in the order of the answers.

    Args:
        connection: A connection of the library that is set up and idle.
    """

    def __init__(self, connection: Any) -> None:
        self.connection = connection
        self.is_open = True
        self._loop = asyncio.get_running_loop()
        self._timeout: float = connection.socket_timeout
        self._watch: asyncio.TimerHandle | None = None
        self._asked: deque[_Asked] = deque()
        self._unread = b""
        # The one private name of redis-py: its streams are what costs most.
        self._transport = connection._writer.transport  # noqa: SLF001
        self._streams: asyncio.Protocol = self._transport.get_protocol()
        self._transport.set_protocol(self)

    def ask(self, first: bytes, second: bytes) -> asyncio.Future[Pair]:
        """Send MGET at once and return the answer to come.

        Raises:
            _LineLost: The connection has ended, now or before the answer.
            RedisTimeoutError: The answer is late.
        """
        if not self.is_open:
            raise _LineLost
        answer: asyncio.Future[Pair] = self._loop.create_future()
        self._asked.append(_Asked(self._loop.time() + self._timeout, answer))
        if self._watch is None:
            self._watch = self._loop.call_later(self._timeout, self._check)
        self._transport.write(
            b"*3\r\n$4\r\nMGET\r\n$%d\r\n%b\r\n$%d\r\n%b\r\n"
            % (len(first), first, len(second), second)
        )
        return answer

    def close(self) -> None:
        """Close the connection; what has not been answered is lost."""
        self._end(_LineLost)

    def data_received(self, data: bytes) -> None:
        """Hand out the answers that have come."""
        data, at = self._unread + data, 0
        try:
            while at < len(data) and (read := _read_pair(data, at)):
                pair, at = read
                answer = self._asked.popleft().answer
                if not answer.done():  # whoever asked may have gone
                    answer.set_result(pair)
        except (ValueError, IndexError):
            # An error, or a message that nobody has asked for: the library knows them all.
            self.close()
        self._unread = data[at:]

    def connection_lost(self, error: Exception | None) -> None:
        """Let those who wait ask elsewhere, and the library know as well."""
        self._streams.connection_lost(error)
        self.close()

    def _check(self) -> None:
        """End the connection if who has waited longest has waited too long."""
        self._watch = None
        if self._asked:
            left = self._asked[0].deadline - self._loop.time()
            if left > 0:
                self._watch = self._loop.call_later(left, self._check)
            else:
                self._end(RedisTimeoutError)

    def _end(self, error: type[Exception]) -> None:
        self.is_open = False
        self._transport.abort()
        if self._watch is not None:
            self._watch.cancel()
        while self._asked:
            answer = self._asked.popleft().answer
            if not answer.done():
                answer.set_exception(error())


def _read_pair(data: bytes, at: int) -> tuple[Pair, int] | None:
    """Read the answer to MGET of two keys, in RESP2 or RESP3.

    Args:
        data: What was received.
        at: Where the answer begins.

    Returns:
        The two values, and where the answer ends; None where it is not complete.

    Raises:
        ValueError: It is another answer.
    """
    head = data[at : at + 4]
    if not b"*2\r\n".startswith(head):
        raise ValueError("no answer to MGET of two keys")
    values: list[bytes | None] = []
    at += 4
    while len(values) < 2:
        end = data.find(b"\r\n", at)
        if end < 0:
            return None
        size, at = data[at:end], end + 2
        if size in _NULLS:
            values.append(None)
            continue
        end = at + int(size.removeprefix(b"$"))
        if end + 2 > len(data):
            return None
        values.append(data[at:end])
        at = end + 2
    return (values[0], values[1]), at
