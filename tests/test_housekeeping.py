"""What has had its time is removed: rows by one process of all, files by each on its own disk."""

import asyncio
import os
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import asyncpg
import pytest

from contactsvc import housekeeping
from contactsvc.housekeeping import Housekeeping
from contactsvc.platform.clock import now
from contactsvc.platform.database import batches
from contactsvc.platform.settings import Settings
from contactsvc.retention import RETENTION, Entry
from tests.support.accounts import add_account
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.usefixtures("orm")

POLL = 0.02


async def purge(settings: Settings, done: Callable[[], bool]) -> None:
    """Let a housekeeper work until something has happened."""
    async with Housekeeping(settings, poll=POLL).running(), asyncio.timeout(PATIENCE):
        await until(done)


async def test_each_entry_is_purged_by_its_own_setting_until_nothing_is_left(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = replace(settings, mail_ttl=100 * 86400, audit_ttl=50 * 86400)
    left = {"full": 2 * batches.BATCH + 1, "empty": 0, "now": 1}
    asked: list[tuple[str, int]] = []

    def entry(name: str, setting: str) -> Entry:
        async def purge(before: datetime) -> int:
            asked.append((name, round((now() - before) / timedelta(days=1))))
            count = min(left[name], batches.BATCH)
            left[name] -= count
            return count

        return Entry(what=name, end="", setting=setting, purge=purge)

    entries = [entry("full", "mail_ttl"), entry("empty", "audit_ttl"), entry("now", "")]
    monkeypatch.setattr(housekeeping, "RETENTION", entries)

    await purge(settings, lambda: not left["now"])

    assert asked == [("full", 100)] * 3 + [("empty", 50), ("now", 0)]


async def test_files_are_removed_by_a_process_whose_turn_it_is_not(
    settings: Settings, pg: asyncpg.Connection
) -> None:
    await pg.execute("INSERT INTO jobs VALUES ('purge', now() + interval '1 hour')")
    old, young = (settings.data_dir / "mail" / name for name in ("old.eml", "young.eml"))
    old.parent.mkdir()
    for file, days in ((old, 31), (young, 29)):
        file.touch()
        moment = (now() - timedelta(days=days)).timestamp()
        os.utime(file, (moment, moment))

    await purge(settings, lambda: not old.exists())

    assert young.exists()
    assert await pg.fetchval("SELECT due_at > now() FROM jobs WHERE name = 'purge'")


async def test_a_long_log_of_the_embedded_postgresql_is_emptied(
    settings: Settings, pg: asyncpg.Connection
) -> None:
    log = settings.data_dir / "postgres" / "log"
    log.parent.mkdir()
    log.write_bytes(bytes(1024 * 1024 + 1))

    await purge(settings, lambda: log.stat().st_size == 0)


async def test_a_failure_is_told_and_keeps_the_rest_from_nothing(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    purged = asyncio.Event()

    async def fail(_: datetime) -> int:
        raise RuntimeError("ada@example.com")

    async def succeed(_: datetime) -> int:
        purged.set()
        return 0

    entries = [
        Entry(what=name, end="", purge=work) for name, work in (("One", fail), ("Two", succeed))
    ]
    monkeypatch.setattr(housekeeping, "RETENTION", entries)

    await purge(settings, purged.is_set)

    assert "Not purged: One: RuntimeError" in caplog.text
    assert "ada@example.com" not in caplog.text


async def test_without_postgresql_it_goes_on_trying(
    settings: Settings, pg: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    await pg.execute("ALTER TABLE jobs RENAME TO away")
    try:
        await purge(settings, lambda: caplog.text.count("No housekeeping: ") >= 2)
    finally:
        await pg.execute("ALTER TABLE away RENAME TO jobs")


async def test_keys_that_an_older_release_has_made_are_made_anew(
    settings: Settings, pg: asyncpg.Connection
) -> None:
    await add_account(pg, "ada@example.com", name="Мар’яна", name_key="мар’яна")
    renewed = "SELECT name_key = $1 FROM users"

    async with Housekeeping(settings, poll=POLL).running():
        await until(lambda: pg.fetchval(renewed, "мар'яна"))


async def test_what_an_older_release_has_just_written_can_be_found_soon(
    settings: Settings, pg: asyncpg.Connection
) -> None:
    owner = await add_account(pg, "ada@example.com")
    # The search of all that there is was done a moment ago, and is not due again.
    await pg.execute("INSERT INTO jobs VALUES ('renew_keys', now() + interval '1 day')")
    await pg.execute(
        "INSERT INTO contacts (owner_id, first_name, last_name, version, created_at, updated_at,"
        " notes) VALUES ($1, 'Zoë', '', 1, now(), now(), '')",
        owner,
    )

    async with Housekeeping(settings, poll=POLL).running():
        await until(lambda: pg.fetchval("SELECT search_key LIKE '%zoe%' FROM contacts"))


async def test_birthday_reminders_that_are_due_are_asked_for_while_much_is_removed(
    settings: Settings, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(_: datetime) -> int:
        return await asyncio.Event().wait()

    monkeypatch.setattr(housekeeping, "RETENTION", [Entry(what="Much", end="", purge=never)])
    owner = await add_account(pg, "ada@example.com")
    await pg.execute(
        "INSERT INTO birthday_reminders (owner_id, days_before, hour, tz, enabled, next_due_at)"
        " VALUES ($1, '{0}', 8, 'UTC', true, now() - interval '1 minute')",
        owner,
    )

    async with Housekeeping(settings, poll=POLL).running():
        await until(lambda: pg.fetchval("SELECT next_due_at > now() FROM birthday_reminders"))
    assert await pg.fetchval("SELECT due_at > now() FROM jobs WHERE name = 'remind'")


def test_every_setting_of_the_list_is_one() -> None:
    assert all(isinstance(getattr(Settings, e.setting), int) for e in RETENTION if e.setting)
