"""Registrations at the same moment, and ones that come to nothing halfway."""

import asyncpg
import pytest

from contactsvc.accounts.registration import repository as registrations
from tests.support.locks import passes, race

pytestmark = pytest.mark.usefixtures("orm")

EMAIL = "Grace@example.com"
TURN = "SELECT pg_advisory_xact_lock(hashtextextended('grace@example.com', 0))"
IS_FREE = TURN.replace("pg_", "pg_try_")

READ_ONLY = "LOCK TABLE registrations IN SHARE MODE"
"""Rows can be read and locked, but not written."""


async def test_a_registration_waits_for_its_turn(pg: asyncpg.Connection, postgres_url: str) -> None:
    async def nothing_is_written() -> None:
        assert not await pg.fetchval("SELECT count(*) FROM users")

    adding = [registrations.add(EMAIL, f"hash {number}", "") for number in (1, 2)]
    added = await race(pg, postgres_url, TURN, *adding, meanwhile=nothing_is_written)

    assert sorted(each.user_id is None for each in added) == [False, True]


async def test_the_turn_at_an_e_mail_lasts_until_the_registration_is_written(
    pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Somebody who confirms meanwhile would not see it, and leave it behind."""

    async def the_turn_is_taken() -> None:
        assert not await pg.fetchval(IS_FREE)

    adding = registrations.add(EMAIL, "hash", "")
    await race(pg, postgres_url, READ_ONLY, adding, meanwhile=the_turn_is_taken)

    assert await pg.fetchval(IS_FREE)


async def test_a_registration_that_fails_leaves_no_account(pg: asyncpg.Connection) -> None:
    await pg.execute("ALTER TABLE registrations ADD CONSTRAINT short CHECK (length(name) < 9)")
    try:
        with pytest.raises(Exception, match="short"):
            await registrations.add(EMAIL, "hash", "Grace Hopper")
    finally:
        await pg.execute("ALTER TABLE registrations DROP CONSTRAINT short")

    assert await pg.fetchval("SELECT count(*) FROM users") == 0


async def test_whoever_asks_for_a_mail_does_not_wait_for_a_registration_in_use(
    pg: asyncpg.Connection, postgres_url: str
) -> None:
    first, second = [(await registrations.add(EMAIL, f"hash {n}", "")).id for n in (1, 2)]
    await pg.execute("UPDATE registrations SET asked_at = '2020-01-01Z'")
    user = await asyncpg.connect(postgres_url)
    async with user.transaction():
        await user.execute("SELECT FROM registrations WHERE id = $1 FOR UPDATE", first)
        await passes(pg, registrations.extend_retention(EMAIL))
    await user.close()

    prolonged = await pg.fetch("SELECT id FROM registrations WHERE asked_at > '2020-01-01Z'")
    assert [row["id"] for row in prolonged] == [second]


async def test_registrations_are_prolonged_under_the_lock_that_chose_them(
    pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Else one that is removed between the two statements would be waited for after all."""
    await registrations.add(EMAIL, "hash", "")

    async def the_row_is_locked() -> None:
        assert not await pg.fetch("SELECT id FROM registrations FOR UPDATE SKIP LOCKED")

    prolonging = registrations.extend_retention(EMAIL)
    await race(pg, postgres_url, READ_ONLY, prolonging, meanwhile=the_row_is_locked)
