"""Whether the database can be used at all."""

import pytest

from contactsvc.platform.database import migration_state, readiness
from contactsvc.platform.database.pooler import Pooler
from contactsvc.platform.errors import MigrationsDue, Misconfigured


async def test_a_database_that_can_be_used(orm: None) -> None:
    await readiness.examine()


async def test_one_that_is_older(orm: None, monkeypatch: pytest.MonkeyPatch) -> None:
    newer = migration_state.available() | {"9_20270101000000_newer.py"}
    monkeypatch.setattr(migration_state, "available", lambda: newer)
    with pytest.raises(MigrationsDue, match="contactsvc migrate"):
        await readiness.examine()


async def test_one_behind_a_pooler_that_loses_statements(
    orm: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def loses(pooler: Pooler) -> str:
        return "It loses them."

    monkeypatch.setattr(Pooler, "fault", loses)
    with pytest.raises(Misconfigured, match="It loses them"):
        await readiness.examine()
