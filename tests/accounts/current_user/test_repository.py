"""What Redis could not be told is written with the change, and not for ever."""

from datetime import timedelta

import asyncpg
import pytest

from contactsvc.accounts.current_user import repository as pending_invalidations
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction

pytestmark = pytest.mark.usefixtures("orm")

COUNT = "SELECT count(*) FROM pending_invalidations"


async def test_it_is_written_with_the_change_or_not_at_all(pg: asyncpg.Connection) -> None:
    async def change_and_fail() -> None:
        async with transaction():
            await pending_invalidations.put_user(1, 2)
            await pending_invalidations.put_sessions(1, [3, 4])
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_and_fail()
    assert await pg.fetchval(COUNT) == 0


async def test_it_outlives_the_user(pg: asyncpg.Connection) -> None:
    await pending_invalidations.put_user(1, 2)  # there is no such user any more
    assert await pg.fetchval(COUNT) == 1


async def test_what_matters_no_more_is_removed(pg: asyncpg.Connection) -> None:
    await pending_invalidations.put_user(1, 2)
    assert await pending_invalidations.purge() == 0
    longest_copy = now() + timedelta(hours=1)
    assert await pg.fetchval("SELECT min(expires_at) FROM pending_invalidations") > longest_copy
    await pg.execute("UPDATE pending_invalidations SET expires_at = now() - interval '1 second'")
    assert await pending_invalidations.purge() == 1


async def test_a_postgresql_that_answers_is_reached() -> None:
    await pending_invalidations.reach_postgresql()
