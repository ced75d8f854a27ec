"""An upload has a place until it is done with, unless it is slow and others need it."""

import asyncio

import pytest

from contactsvc.platform.errors import Unavailable
from contactsvc.web.upload_slots import GRACE, UploadSlots
from tests.support.loop_clock import LoopClock, rounds


async def arrive(slots: UploadSlots, key: str) -> None:
    """Be an upload of which no more comes."""
    with slots.admit(key) as slot:
        async with slot.arriving():
            await asyncio.Event().wait()


async def begin(slots: UploadSlots, *keys: str) -> list[asyncio.Task[None]]:
    tasks = [asyncio.ensure_future(arrive(slots, key)) for key in keys]
    await rounds()
    return tasks


async def end(*tasks: asyncio.Task[None]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


async def test_there_are_so_many_places_and_one_for_each() -> None:
    slots = UploadSlots(2)
    with slots.admit("ada"):
        with pytest.raises(Unavailable), slots.admit("ada"):
            pass
        with slots.admit("bob"), pytest.raises(Unavailable), slots.admit("eve"):
            pass
        with slots.admit("eve"):
            assert len(slots) == 2
    assert len(slots) == 0


async def test_the_one_that_takes_longest_makes_room_but_not_at_once() -> None:
    clock, slots = LoopClock(), UploadSlots(2)
    ada, bob = await begin(slots, "ada", "bob")
    clock.move(GRACE / 2)
    await end(bob)
    (cleo,) = await begin(slots, "cleo")
    with pytest.raises(Unavailable), slots.admit("eve"):
        pass
    clock.move(GRACE / 2)
    with slots.admit("eve"):
        assert len(slots) == 2
        with pytest.raises(Unavailable):
            await ada
        assert not cleo.done()
    assert len(slots) == 1
    await end(cleo)


async def test_a_second_one_of_the_same_takes_the_place_of_the_first_alone() -> None:
    clock, slots = LoopClock(), UploadSlots(2)
    other, ada = await begin(slots, "other", "ada")
    clock.move(GRACE)
    with slots.admit("ada"):
        with pytest.raises(Unavailable):
            await ada
        assert not other.done()
    await end(other)


async def test_what_has_arrived_is_worked_on_to_its_end() -> None:
    clock, slots = LoopClock(), UploadSlots(1)
    with slots.admit("ada") as slot:
        async with slot.arriving():
            pass
        clock.move(2 * GRACE)
        with pytest.raises(Unavailable), slots.admit("eve"):
            pass


async def test_a_place_that_is_taken_as_the_last_byte_comes_is_taken() -> None:
    clock, slots = LoopClock(), UploadSlots(1)

    async def lose(name: str) -> None:
        with slots.admit(name) as slot:
            async with slot.arriving():
                clock.move(GRACE)
                with slots.admit("eve"):
                    pass

    with pytest.raises(Unavailable):
        await lose("ada")
    assert len(slots) == 0
