"""Work has a deadline even where its cancellation hangs."""

import asyncio
import gc
from typing import Any

import pytest

from contactsvc.platform.deadline import with_deadline
from contactsvc.platform.errors import NotFound, Unavailable
from tests.support.waiting import PATIENCE


async def test_what_is_in_time_gives_its_result() -> None:
    assert await with_deadline(asyncio.sleep(0, "done"), PATIENCE) == "done"


async def test_an_error_in_time_is_raised_as_it_is() -> None:
    async def fail() -> None:
        raise NotFound

    with pytest.raises(NotFound):
        await with_deadline(fail(), PATIENCE)


@pytest.mark.parametrize("is_cancelled", [False, True])
@pytest.mark.parametrize("fails", [False, True])
async def test_late_work_is_left_to_itself(fails: bool, is_cancelled: bool) -> None:
    complaints: list[dict[str, Any]] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, told: complaints.append(told))
    answer, ended = asyncio.Event(), asyncio.Event()

    async def hang() -> None:
        try:
            await answer.wait()
            if fails:
                raise NotFound
        finally:
            ended.set()

    if is_cancelled:
        caller = asyncio.create_task(with_deadline(hang(), PATIENCE))
        await asyncio.sleep(0)
        caller.cancel()
        await asyncio.wait({caller})
        del caller  # which would keep the work, and so its complaint
    else:
        with pytest.raises(Unavailable):
            await with_deadline(hang(), 0.01)
    assert not ended.is_set(), "it was cancelled"

    answer.set()
    async with asyncio.timeout(PATIENCE):
        await ended.wait()
    await asyncio.sleep(0)
    gc.collect()
    assert complaints == []
