"""A killed embedded PostgreSQL is started again while the service runs."""

import asyncio
from pathlib import Path

import pytest

from contactsvc.platform.database import supervisor
from contactsvc.platform.database.supervisor import CHECK_INTERVAL, supervised
from tests.support.waiting import until

NOWHERE = Path("/nowhere")


async def test_what_had_ended_is_started_and_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked: list[Path] = []

    def revive(folder: Path) -> bool:
        asked.append(folder)
        return len(asked) == 1

    monkeypatch.setattr(supervisor, "revive", revive)
    async with supervised(NOWHERE, interval=0.001):
        await until(lambda: len(asked) > 3)

    assert set(asked) == {NOWHERE}
    assert [r.levelname for r in caplog.records if r.name == supervisor.__name__] == ["WARNING"]


async def test_what_does_not_start_is_tried_again_and_told_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tries = 0

    def revive(folder: Path) -> bool:
        nonlocal tries
        tries += 1
        raise RuntimeError("no space left on device")

    monkeypatch.setattr(supervisor, "revive", revive)
    async with supervised(NOWHERE, interval=0.001):
        await until(lambda: tries > 3)

    assert [r.getMessage() for r in caplog.records] == ["no space left on device"]


async def test_a_start_that_has_begun_is_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Or the server that is half started would be nobody's to stop."""
    begun, ended = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    go_on = asyncio.run_coroutine_threadsafe

    def revive(folder: Path) -> bool:
        loop.call_soon_threadsafe(begun.set)
        go_on(asyncio.sleep(0.05), loop).result()
        loop.call_soon_threadsafe(ended.set)
        return True

    monkeypatch.setattr(supervisor, "revive", revive)
    async with supervised(NOWHERE, interval=0.001):
        await begun.wait()
    await asyncio.sleep(0)
    assert ended.is_set()


def test_it_is_looked_at_often_enough_for_what_the_page_of_outages_promises() -> None:
    """Five seconds, of which PostgreSQL itself needs some to start."""
    assert CHECK_INTERVAL <= 1
