"""So many at a time, in all and of one."""

import asyncio

import pytest

from contactsvc.platform.admission import Admission, Queue
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
