"""The event loop's clock, put forward by a test instead of waited for."""

import asyncio


class LoopClock:
    """Goes on as ever, and jumps when it is told.

    So a time limit can be long enough for the busiest machine and still be over at once. Whatever
    waits on the loop jumps along: a bound of the test's own is to be set after the jump.
    """

    def __init__(self) -> None:
        self._ahead = 0.0
        loop = asyncio.get_running_loop()
        real = loop.time
        loop.time = lambda: real() + self._ahead  # type: ignore[method-assign]

    def move(self, seconds: float) -> None:
        """Let that much time be over; timers that are due by then run in the loop's next round."""
        self._ahead += seconds


async def rounds() -> None:
    """Let the loop do whatever is due, and what follows from that."""
    for _ in range(100):
        await asyncio.sleep(0)
