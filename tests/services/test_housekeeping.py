"""What nobody needs any more is removed, by one process of all."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest

from contactsvc.clock import now
from contactsvc.services.housekeeping import Housekeeping
from tests.mail.support import ask
from tests.support.accounts import add_account
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.usefixtures("orm")


async def add_old_things(pg: asyncpg.Connection) -> None:
    """Add mails, links and sessions, of which some are old enough to go."""
    for status, days in (("sent", 31), ("skipped", 31), ("sent", 29), ("dead", 400)):
        mail_id = await ask(pg, "password_changed", f"{status}{days}@example.com")
        change = "UPDATE outbox SET status = $2, finished_at = $3 WHERE id = $1"
        await pg.execute(change, mail_id, status, now() - timedelta(days=days))
    user_id = await add_account(pg, "ada@example.com")
    for minutes in (-1, 1):
        await pg.execute(
            "INSERT INTO one_time_tokens (user_id, purpose, digest, email, created_at, expires_at)"
            " VALUES ($1, 'reset_password', $2, 'ada@example.com', now(), $3)",
            user_id,
            str(minutes),
            now() + timedelta(minutes=minutes),
        )
    for agent, days in (("old", -31), ("expired", -29), ("alive", 1)):
        await pg.execute(
            "INSERT INTO sessions (id, user_id, counter, user_agent, ip, created_at, last_used_at,"
            " expires_at) VALUES ($1, $2, 0, $3, '', now(), now(), $4)",
            100 + days,
            user_id,
            agent,
            now() + timedelta(days=days),
        )


async def test_what_is_no_longer_needed_is_removed(pg: asyncpg.Connection) -> None:
    await add_old_things(pg)

    async with Housekeeping(poll=0.02).running(), asyncio.timeout(PATIENCE):
        while await pg.fetchval("SELECT count(*) FROM sessions") > 2:
            await asyncio.sleep(0.01)  # nothing tells when a row has gone

    kept = [row["recipient"] for row in await pg.fetch("SELECT * FROM outbox ORDER BY id")]
    assert kept == ["sent29@example.com", "dead400@example.com"]
    assert await pg.fetchval("SELECT array_agg(digest) FROM one_time_tokens") == ["1"]
    agents = [row["user_agent"] for row in await pg.fetch("SELECT * FROM sessions ORDER BY id")]
    assert agents == ["expired", "alive"]


async def test_keys_that_an_older_release_has_made_are_made_anew(pg: asyncpg.Connection) -> None:
    await add_account(pg, "ada@example.com", name="Мар’яна", name_key="мар’яна")

    async with Housekeeping(poll=0.02).running(), asyncio.timeout(PATIENCE):
        while await pg.fetchval("SELECT name_key FROM users") != "мар'яна":
            await asyncio.sleep(0.01)  # nothing tells when a row has changed


async def test_a_failure_is_told_and_does_not_end_it(
    pg: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    await pg.execute("ALTER TABLE jobs RENAME TO away")
    try:
        async with Housekeeping(poll=0.02).running(), asyncio.timeout(PATIENCE):
            while caplog.text.count("could be purged") < 2:
                await asyncio.sleep(0.01)  # nothing tells when it is logged
    finally:
        await pg.execute("ALTER TABLE away RENAME TO jobs")
    assert caplog.text.count("could be purged") >= 2, "and it was tried again"
