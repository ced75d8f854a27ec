"""What is promised in seconds, what was measured, and whether the promise was kept."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from aiohttp import ClientResponse, ClientSession, TCPConnector

LIMIT = 60
"""Seconds after which a part of the measurement is given up."""

AGAIN = 0.02
"""Seconds between two tries, where nothing tells."""

Call = Callable[[], Awaitable[ClientResponse]]


class Broken(Exception):
    """An answer that is wrong, however soon it came."""


@dataclass
class Report:
    """A table that is printed line by line.

    Attributes:
        missed: What was promised and not kept.
    """

    missed: list[str] = field(default_factory=list)

    def begin(self) -> None:
        """Print the head of the table."""
        self._line("what", "measured", "promised", "")

    def add(self, what: str, measured: float, promised: float, unit: str = "s") -> None:
        """Tell a measurement, which must not exceed what is promised."""
        kept = measured <= promised
        form = f"{{:.2f}} {unit}" if unit else "{:.6g}"
        word = "ok" if kept else "MISSED"
        self._line(what, form.format(measured), form.format(promised), word)
        if not kept:
            self.missed.append(what)

    def fail(self, what: str, why: str) -> None:
        """Tell that something could not be measured."""
        self._line(what, "-", "-", f"MISSED: {why}")
        self.missed.append(what)

    @asynccontextmanager
    async def part(self, what: str) -> AsyncIterator[None]:
        """Bound a part of the measurement, which does not keep the others from theirs."""
        try:
            async with asyncio.timeout(LIMIT):
                yield
        except TimeoutError:
            self.fail(what, f"no end within {LIMIT} s")
        except Broken as error:
            self.fail(what, str(error))

    @staticmethod
    def _line(what: str, measured: str, promised: str, word: str) -> None:
        print(f"{what:<58} {measured:>9} {promised:>9}  {word}".rstrip(), flush=True)


async def timed(call: Call, expected: int) -> float:
    """Return the seconds that a call takes.

    Raises:
        Broken: It is not answered with that status.
    """
    begin = time.perf_counter()
    response = await call()
    if response.status != expected:
        raise Broken(f"{response.status} instead of {expected}: {await response.text()}")
    return time.perf_counter() - begin


async def slowest(calls: Iterable[Call], expected: int) -> float:
    """Return the seconds of the slowest of several calls, all at once and then one by one."""
    calls = list(calls)
    together = await asyncio.gather(*(timed(call, expected) for call in calls))
    return max(*together, *[await timed(call, expected) for call in calls])


async def until(condition: Callable[[], Awaitable[bool]]) -> float:
    """Return the seconds until a condition holds."""
    begin = time.perf_counter()
    while not await condition():  # noqa: ASYNC110 - nothing tells
        await asyncio.sleep(AGAIN)
    return time.perf_counter() - begin


def session(url: str) -> ClientSession:
    """Return a client that opens as many connections as it has requests."""
    return ClientSession(url, connector=TCPConnector(limit=0))
