"""The command that makes search and sort keys anew."""

import asyncio

import asyncpg
import pytest

from tests.cli.support import Command, done


@pytest.mark.slow
async def test_rebuild_keys_makes_all_keys_anew(command: Command, pg: asyncpg.Connection) -> None:
    assert done(await asyncio.to_thread(command, "seed-demo", PASSWORD_MIN_LENGTH="8"))
    keys = "SELECT id, search_key, last_name_sort, display_name FROM contacts ORDER BY id"
    before = await pg.fetch(keys)
    await pg.execute("UPDATE contacts SET search_key = '', last_name_sort = 'x', display_name = ''")

    for _ in range(2):  # repeated, it does the same once more
        result = await asyncio.to_thread(command, "rebuild-keys")
        assert done(result) == "Rows whose search keys were made anew: 200.\n"
        assert await pg.fetch(keys) == before


async def test_what_a_stopped_rebuild_has_left_is_done_by_the_next_migrate(
    command: Command, pg: asyncpg.Connection
) -> None:
    await asyncio.to_thread(command, "seed-demo", PASSWORD_MIN_LENGTH="8")
    await pg.execute("UPDATE contacts SET derived_version = NULL WHERE id % 2 = 0")
    result = await asyncio.to_thread(command, "migrate")
    assert done(result) == "Rows whose search keys were made anew: 100.\n"
