"""Turns are taken in order, none is lost, and a connection goes along with one."""

import asyncio
from typing import Any, cast

import pytest

from contactsvc.platform.database.idle import Idle
from contactsvc.platform.database.turns import Turns
from tests.support.loop_clock import rounds


def connection(name: str) -> Idle:
    return Idle(cast(Any, "pool"), cast(Any, name))


class Waiting:
    """People who wait for a turn, one after the other, and what each of them gets."""

    def __init__(self, count: int = 1) -> None:
        self.taken_back: list[Idle] = []
        self.turns = Turns(count, self.taken_back.append)
        self.served: dict[str, Idle | None] = {}
        self.tasks: dict[str, asyncio.Task[None]] = {}

    async def come(self, *names: str) -> None:
        for name in names:
            self.tasks[name] = asyncio.create_task(self._wait(name))
        await rounds()

    async def _wait(self, name: str) -> None:
        self.served[name] = await self.turns.acquire()


async def test_who_came_first_is_served_first() -> None:
    waiting = Waiting(count=2)
    await waiting.come("a", "b", "c", "d")
    assert list(waiting.served) == ["a", "b"]

    waiting.turns.release()
    assert waiting.turns.locked(), "nobody overtakes who is about to be served"
    await waiting.come("e")
    assert list(waiting.served) == ["a", "b", "c"]

    for _ in range(4):
        waiting.turns.release()
        await rounds()
    assert list(waiting.served) == ["a", "b", "c", "d", "e"]
    assert not waiting.turns.locked()


async def test_a_connection_goes_along_with_the_turn() -> None:
    waiting = Waiting()
    await waiting.come("a", "b", "c")
    assert waiting.turns.hand_over(connection("first"))
    waiting.turns.release()
    await rounds()
    assert waiting.served == {"a": None, "b": connection("first"), "c": None}
    assert not waiting.turns.hand_over(connection("second")), "nobody waits"
    assert waiting.turns.locked()


async def test_who_waits_no_longer_is_left_out() -> None:
    waiting = Waiting()
    await waiting.come("a", "b", "c")
    waiting.tasks["b"].cancel()
    assert waiting.turns.hand_over(connection("first"))
    await rounds()
    assert waiting.served == {"a": None, "c": connection("first")}
    assert waiting.taken_back == []


@pytest.mark.parametrize("given", [None, connection("first")])
async def test_a_turn_that_comes_too_late_is_not_lost(given: Idle | None) -> None:
    waiting = Waiting()
    await waiting.come("a", "b", "c")

    if given is None:
        waiting.turns.release()
    else:
        waiting.turns.hand_over(given)
    waiting.tasks["b"].cancel()
    await rounds()

    assert waiting.tasks["b"].cancelled()
    if given is None:
        assert waiting.served == {"a": None, "c": None}
    else:
        assert waiting.taken_back == [given]
        assert waiting.turns.hand_over(given), "the one who took it back ends the turn"
        await rounds()
        assert waiting.served == {"a": None, "c": given}


async def test_the_last_one_to_leave_leaves_the_turn_free() -> None:
    waiting = Waiting()
    await waiting.come("a", "b")
    waiting.turns.release()
    waiting.tasks["b"].cancel()
    await rounds()
    assert not waiting.turns.locked()
