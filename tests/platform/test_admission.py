"""So many at a time, in all and of one."""

import asyncio
import gc

import pytest

from contactsvc.platform.admission import Admission, Queue, Queues
from contactsvc.platform.errors import Unavailable
from tests.support.loop_clock import LoopClock, rounds


def test_one_has_only_some_of_the_places() -> None:
    admission = Admission(3, most_of_one=2)
    with admission.admit("ada"), admission.admit("ada"):
        with pytest.raises(Unavailable), admission.admit("ada"):
            pass
        with admission.admit("bob"), pytest.raises(Unavailable), admission.admit("eve"):
            pass
        with admission.admit("eve"):
            pass


def test_a_place_is_given_back_after_an_error_and_nothing_is_kept() -> None:
    admission = Admission(1, most_of_one=1)
    for _ in range(3):
        with pytest.raises(ZeroDivisionError), admission.admit("ada"):
            raise ZeroDivisionError
    with admission.admit("bob"):
        pass
    assert not admission._admitted


async def test_the_others_wait_for_their_turn_but_not_for_ever() -> None:
    clock, queue, order = LoopClock(), Queue(1, timeout=60), list[str]()

    async def work(name: str) -> None:
        async with queue.turn():
            order.append(name)

    async with queue.turn():
        late = asyncio.ensure_future(work("late"))
        await rounds()
        clock.move(30)
        first = asyncio.ensure_future(work("first"))
        second = asyncio.ensure_future(work("second"))
        await rounds()
        clock.move(30)
        with pytest.raises(Unavailable):
            await late
        assert order == []
    await asyncio.gather(first, second)
    assert order == ["first", "second"]


async def test_each_key_has_places_of_its_own_and_a_line_that_ends() -> None:
    queues, leave, inside = Queues(2, most_waiting=1, timeout=60), asyncio.Event(), list[str]()

    async def work(key: str) -> None:
        async with queues.turn(key):
            inside.append(key)
            await leave.wait()

    tasks = [asyncio.ensure_future(work(key)) for key in ("ada", "ada", "ada", "bob")]
    await rounds()
    assert inside == ["ada", "ada", "bob"]
    with pytest.raises(Unavailable):
        await work("ada")
    leave.set()
    await asyncio.gather(*tasks)
    assert inside == ["ada", "ada", "bob", "ada"]
    del tasks
    gc.collect()
    assert not queues._queues  # nothing is kept of who has been here


async def test_nobody_of_a_key_waits_for_ever() -> None:
    clock, queues = LoopClock(), Queues(1, most_waiting=5, timeout=60)

    async def work() -> None:
        async with queues.turn("ada"):
            pass

    async with queues.turn("ada"):
        late = asyncio.ensure_future(work())
        await rounds()
        clock.move(60)
        with pytest.raises(Unavailable):
            await late
    await work()
