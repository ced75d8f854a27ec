"""All that one request wants of PostgreSQL waits for connections as long as one statement may."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from tortoise.transactions import in_transaction

from contactsvc.platform.database import database, pool
from contactsvc.platform.database.pool import share_wait, time_left
from contactsvc.platform.database.pool import waiting as waiting_for_a_connection
from tests.platform.database.test_client import WORK, Work, each_work, outcome
from tests.support.database import PATIENT, given_up_waits, waiting
from tests.support.loop_clock import LoopClock
from tests.support.waiting import PATIENCE, until


@pytest.fixture
async def pool_of_one(postgres_url: str) -> AsyncIterator[None]:
    async with database(postgres_url, pool_size=1, request_timeout=PATIENT):
        yield


class Holder:
    """Takes the connection when it is its turn, and keeps it."""

    def __init__(self) -> None:
        self.taken, self._let_go = asyncio.Event(), asyncio.Event()
        self._task = asyncio.create_task(self._hold())

    async def _hold(self) -> None:
        async with in_transaction():
            self.taken.set()
            await self._let_go.wait()

    async def let_go(self) -> None:
        self._let_go.set()
        await self._task


async def request(*works: Work) -> list[str]:
    """Do all that one request wants of PostgreSQL, whatever comes of each."""
    share_wait()
    return [await outcome(work, bound=None) for work in works]


@each_work
async def test_a_request_that_has_given_up_waits_for_no_connection_again(
    pool_of_one: None, work: Work
) -> None:
    clock = LoopClock()
    holder = Holder()
    await holder.taken.wait()
    given_up = given_up_waits()
    turned_away = asyncio.create_task(request(WORK["read"], work))
    await until(lambda: waiting() == 1)

    clock.move(PATIENT)

    try:
        assert await asyncio.wait_for(turned_away, PATIENCE) == ["unavailable"] * 2
        assert given_up_waits() == given_up + 1
    finally:
        await holder.let_go()
    assert await asyncio.create_task(request(WORK["read"], work)) == ["done"] * 2


async def test_all_statements_of_a_request_wait_as_long_as_one_may(pool_of_one: None) -> None:
    clock = LoopClock()
    first = Holder()
    await first.taken.wait()
    turned_away = asyncio.create_task(request(*WORK.values()))
    await until(lambda: waiting() == 1)
    clock.move(PATIENT * 2 / 3)
    second = Holder()
    await until(lambda: waiting() == 2)
    await first.let_go()
    await second.taken.wait()

    clock.move(PATIENT * 2 / 3)

    try:
        expected = ["done", "unavailable", "unavailable"]
        assert await asyncio.wait_for(turned_away, PATIENCE) == expected
    finally:
        await second.let_go()


async def test_who_has_waited_is_served_where_a_connection_is_free(pool_of_one: None) -> None:
    clock = LoopClock()
    holder = Holder()
    await holder.taken.wait()

    async def later() -> None:
        await holder.let_go()
        assert await outcome(WORK["read"]) == "done"

    turned_away = asyncio.create_task(request(WORK["read"], later))
    await until(lambda: waiting() == 1)

    clock.move(PATIENT)

    assert await asyncio.wait_for(turned_away, PATIENCE) == ["unavailable", "done"]


class Worked:
    """The CPU time of the thread, put forward by a test; the loop's clock goes along."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._seconds = 0.0
        self._clock = LoopClock()
        monkeypatch.setattr(pool, "thread_time", lambda: self._seconds)
        monkeypatch.setattr(pool, "MAX_WAIT", 3 * PATIENT)

    async def go_on(self, seconds: float, at_work: float) -> None:
        self._seconds += at_work
        self._clock.move(seconds)
        await asyncio.sleep(0.01)  # timers that are due run, and what they cancel


async def for_ever(left: list[float]) -> None:
    share_wait()
    try:
        async with pool.waiting(PATIENT):
            await asyncio.Event().wait()
    finally:
        left.append(time_left(PATIENT))


async def test_what_the_process_does_itself_is_no_wait(monkeypatch: pytest.MonkeyPatch) -> None:
    worked, left = Worked(monkeypatch), list[float]()
    wait = asyncio.create_task(for_ever(left))
    await asyncio.sleep(0)

    for _ in range(3):
        await worked.go_on(PATIENT / 2, at_work=PATIENT / 4)
        assert not wait.done()
    await worked.go_on(PATIENT / 4, at_work=0)

    with pytest.raises(TimeoutError):
        await wait
    assert left == [0]


async def test_a_wait_ends_however_busy_the_process_is(monkeypatch: pytest.MonkeyPatch) -> None:
    worked, left = Worked(monkeypatch), list[float]()
    wait = asyncio.create_task(for_ever(left))
    await asyncio.sleep(0)

    await worked.go_on(3 * PATIENT - 100, at_work=3 * PATIENT - 100)
    assert not wait.done()
    await worked.go_on(100, at_work=100)

    with pytest.raises(TimeoutError):
        await wait


async def test_what_the_process_does_itself_is_left_for_the_next_wait(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    worked, left = Worked(monkeypatch), list[float]()
    wait = asyncio.create_task(for_ever(left))
    await asyncio.sleep(0)

    await worked.go_on(PATIENT, at_work=PATIENT / 2)
    wait.cancel()

    await asyncio.wait([wait])
    assert PATIENT / 3 < left[0] < PATIENT / 2


async def test_a_wait_that_another_limit_has_ended_is_the_last_too() -> None:
    """Such as ``connect_timeout`` in the URL, or a timer that is a millisecond early."""

    async def wait() -> None:
        share_wait()
        assert time_left(PATIENT) == PATIENT
        with pytest.raises(TimeoutError):
            async with waiting_for_a_connection(PATIENT):
                raise TimeoutError
        assert time_left(PATIENT) == 0

    await asyncio.create_task(wait())
    assert time_left(PATIENT) == PATIENT
