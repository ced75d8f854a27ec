"""Which migrations there are, and which a database has seen."""

import pytest

from contactsvc.platform.database import database, migration_state, migrations


def test_those_that_there_are_have_numbers_without_gaps() -> None:
    numbers = sorted(int(name.partition("_")[0]) for name in migration_state.available())
    assert numbers == list(range(len(numbers)))
    assert len(numbers) > 10


@pytest.mark.slow
async def test_a_database_has_seen_none_and_then_all(empty_database: str) -> None:
    async with database(empty_database):
        assert await migration_state.applied() == set()
    await migrations.migrate(empty_database)
    async with database(empty_database):
        assert await migration_state.applied() == migration_state.available()
    assert set(await migrations.downgrade(empty_database)) == migration_state.available()
    async with database(empty_database):
        assert await migration_state.applied() == set()
