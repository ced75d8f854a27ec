"""Pictures are drawn beside the loop, and only so many wait for it."""

import asyncio
import threading
from typing import Any

import pytest

from contactsvc.platform.errors import Unavailable
from contactsvc.platform.storage.pictures import Pictures
from tests.support.pictures import flag, opened
from tests.support.waiting import PATIENCE, until


async def test_the_loop_goes_on_meanwhile(
    pictures: Pictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()
    decode = pictures._convert

    def hold_up(*args: Any) -> bytes:
        begun.set()
        assert go_on.wait(PATIENCE), "the loop stands still"
        return decode(*args)

    monkeypatch.setattr(pictures, "_convert", hold_up)
    work = asyncio.create_task(pictures.square(flag()))
    await until(begun.is_set)
    go_on.set()

    assert opened(await work).size == (512, 512)


async def test_only_so_many_wait(pictures: Pictures, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("contactsvc.platform.storage.pictures.MAX_WAITING", 3)
    upload = flag()
    waiting = [asyncio.create_task(pictures.square(upload)) for _ in range(3)]
    await asyncio.sleep(0)  # lets them begin

    with pytest.raises(Unavailable):
        await pictures.square(upload)
    assert len(await asyncio.gather(*waiting)) == 3
    assert await pictures.square(upload)
