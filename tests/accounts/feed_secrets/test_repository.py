"""What the database holds of birthday calendars' secrets."""

import asyncpg
import pytest

from contactsvc.accounts.feed_secrets import repository
from tests.support.address_books import MakeOwner

pytestmark = pytest.mark.usefixtures("orm")

ALL = "SELECT user_id, digest FROM feed_secrets ORDER BY user_id"


async def test_each_user_has_one(pg: asyncpg.Connection, make_owner: MakeOwner) -> None:
    ada, grace = await make_owner(), await make_owner()
    for user_id, digest in ((ada, "a"), (grace, "b"), (ada, "c")):
        await repository.replace(user_id, digest)

    assert [tuple(row) for row in await pg.fetch(ALL)] == [(ada, "c"), (grace, "b")]


async def test_nobody_elses_is_removed(pg: asyncpg.Connection, make_owner: MakeOwner) -> None:
    ada, grace = await make_owner(), await make_owner()
    await repository.replace(ada, "a")

    assert not await repository.remove(grace)
    assert await repository.made_at(grace) is None
    assert await repository.made_at(ada) is not None
    assert await repository.remove(ada)
    assert await repository.made_at(ada) is None


async def test_it_goes_with_its_user(pg: asyncpg.Connection, make_owner: MakeOwner) -> None:
    ada = await make_owner()
    await repository.replace(ada, "a")

    await pg.execute("DELETE FROM users WHERE id = $1", ada)

    assert await pg.fetch(ALL) == []
