"""Commands of many requests, pipelined on one connection to Redis.

redis-py takes a connection out of its pool for each command, looks whether it is alive, and starts
two timers: several times the CPU of the command itself, and no more than a hundred at once. Redis
answers in the order in which it is asked, so here one connection serves all requests, and one timer
watches it.

The library still connects, by TLS or through a Sentinel. It is asked again for whatever goes wrong
here and may go right there, as where the connection has died idle. So does the library by itself:
what is sent may be done twice where a connection is lost before the answer.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from hashlib import sha1
from typing import Any, Final, NamedTuple, TypeVar, cast

from redis.asyncio import Redis
from redis.exceptions import TimeoutError as RedisTimeoutError

from contactsvc.platform.redis.connection import Client, is_embedded
from contactsvc.platform.redis.resp import Refusal, Word, packed, read

Pair = tuple[bytes | None, bytes | None]

Script = Callable[[Sequence[str], Sequence[Word]], Awaitable[Any]]
"""Runs a script with its keys and arguments; raises as the methods of :class:`Commands` do."""

AGAIN_AT_ONCE: Final = 20
"""Commands that the library is asked for at once, where a connection was lost. Its pool refuses
more than a hundred."""

Result = TypeVar("Result")


class Commands:
    """Runs commands by the library: in a Cluster, and in the process.

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

    async def delete(self, *keys: str) -> None:
        """Delete keys, which share a hash tag; it raises as :meth:`mget` does."""
        await self._redis.delete(*keys)

    def script(self, text: str) -> Script:
        """Return what runs a script in Lua (https://redis.io/docs/latest/commands/eval/)."""
        registered: Any = self._redis.register_script(text)

        async def run(keys: Sequence[str], args: Sequence[Word]) -> Any:
            return await registered(keys=keys, args=args)

        return run

    def drop(self) -> None:
        """Use another connection from now on, where one was kept."""


class PipelinedCommands(Commands):
    """Sends commands to one server, on a connection that it keeps.

    The answer of who is cancelled meanwhile is read and dropped.

    Args:
        redis: The client of one server.
    """

    def __init__(self, redis: Redis) -> None:
        super().__init__(redis)
        self._pool: Any = redis.connection_pool
        self._line: _Line | None = None
        self._opening: asyncio.Task[_Line] | None = None
        self._again = asyncio.Semaphore(AGAIN_AT_ONCE)

    async def mget(self, first: str, second: str) -> Pair:
        """Do as the library does."""
        with suppress(_LineLost):
            values = await self._send("MGET", first, second)
            if isinstance(values, list) and len(values) == 2:
                return values[0], values[1]
            self.drop()  # whose answer is that?
        return await self._by_library(super().mget, first, second)

    async def delete(self, *keys: str) -> None:
        """Do as the library does."""
        try:
            await self._send("DEL", *keys)
        except _LineLost:
            await self._by_library(super().delete, *keys)

    def script(self, text: str) -> Script:
        """Do as the library does: the text is sent where Redis does not know it yet."""
        by_library = super().script(text)
        sha = sha1(text.encode(), usedforsecurity=False).hexdigest()

        async def run(keys: Sequence[str], args: Sequence[Word]) -> Any:
            words = len(keys), *keys, *args
            try:
                try:
                    return await self._send("EVALSHA", sha, *words)
                except _UnknownScript:
                    return await self._send("EVAL", text, *words)
            except _LineLost:
                return await self._by_library(by_library, keys, args)

        return run

    def drop(self) -> None:
        """Use another connection; what was sent on this one is sent again."""
        if self._line is not None:
            self._line.close()

    async def _send(self, *words: Word) -> Any:
        line = self._line if self._line and self._line.is_open else await self._open()
        return await line.send(packed(words))

    async def _by_library(self, run: Callable[..., Awaitable[Result]], *args: Any) -> Result:
        async with self._again:
            return await run(*args)

    async def _open(self) -> "_Line":
        """Connect once for all who send meanwhile."""
        if self._opening is None:
            self._opening = asyncio.create_task(self._connect(), name="pipelined Redis")
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


def commands_of(redis: Client) -> Commands:
    """Return the fastest way to run commands that a client allows."""
    if isinstance(redis, Redis) and not is_embedded(redis):
        return PipelinedCommands(redis)
    return Commands(redis)


class _LineLost(Exception):
    """The connection has ended before the answer, or the answer is none that is known here."""


class _UnknownScript(Exception):
    """Redis does not know a script by its sum: it was started after it had been told it."""


class _Asked(NamedTuple):
    deadline: float
    answer: asyncio.Future[Any]


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

    def send(self, command: bytes) -> asyncio.Future[Any]:
        """Send a command at once and return the answer to come.

        Raises:
            _LineLost: The connection has ended, now or before the answer.
            _UnknownScript: The answer says so.
            RedisTimeoutError: The answer is late.
        """
        if not self.is_open:
            raise _LineLost
        answer: asyncio.Future[Any] = self._loop.create_future()
        self._asked.append(_Asked(self._loop.time() + self._timeout, answer))
        if self._watch is None:
            self._watch = self._loop.call_later(self._timeout, self._check)
        self._transport.write(command)
        return answer

    def close(self) -> None:
        """Close the connection; what has not been answered is lost."""
        self._end(_LineLost)

    def data_received(self, data: bytes) -> None:
        """Hand out the answers that have come."""
        data, at = self._unread + data, 0
        try:
            while at < len(data) and (found := read(data, at)):
                value, at = found
                self._answer(value)
        except (ValueError, IndexError):
            # An error, or a message that nobody has asked for: the library knows them all.
            self.close()
        self._unread = data[at:]

    def connection_lost(self, error: Exception | None) -> None:
        """Let those who wait ask elsewhere, and the library know as well."""
        self._streams.connection_lost(error)
        self.close()

    def _answer(self, value: Any) -> None:
        """Give a value to who has waited longest.

        Raises:
            ValueError: It is an error.
            IndexError: Nobody waits.
        """
        unknown = isinstance(value, Refusal) and value.startswith(b"NOSCRIPT ")
        if isinstance(value, Refusal) and not unknown:
            raise ValueError("an error")
        answer = self._asked.popleft().answer
        if answer.done():  # whoever asked may have gone
            return
        if unknown:
            answer.set_exception(_UnknownScript())
        else:
            answer.set_result(value)

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
