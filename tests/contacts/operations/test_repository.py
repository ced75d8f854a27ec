"""An operation remembers each contact that it has changed, for as long as it can be undone."""

from datetime import timedelta

import asyncpg

from contactsvc.contacts.operations import repository
from contactsvc.contacts.operations.model import OperationKind
from contactsvc.contacts.operations.repository import TTL, Changed
from contactsvc.platform.clock import now

ALL = "SELECT * FROM contact_operations ORDER BY id"


async def test_it_has_what_undoing_needs(owner: int, pg: asyncpg.Connection) -> None:
    changed = [Changed(7, 0, 1), Changed(9, 4, 5), Changed(8, 2, 0)]

    operation_id = await repository.record(owner, OperationKind.IMPORT, changed)

    (row,) = await pg.fetch(ALL)
    assert (row["owner_id"], row["id"], row["kind"]) == (owner, operation_id, "import")
    assert row["contacts"] == 3
    kept = zip(row["contact_ids"], row["versions_before"], row["versions_after"], strict=True)
    assert list(kept) == changed
    assert row["undone_at"] is None


async def test_one_that_has_changed_nothing_is_kept_too(owner: int, pg: asyncpg.Connection) -> None:
    await repository.record(owner, OperationKind.BATCH, [])
    (row,) = await pg.fetch(ALL)
    assert (row["contacts"], row["contact_ids"]) == (0, [])


async def test_what_has_had_its_time_is_removed(owner: int, pg: asyncpg.Connection) -> None:
    old, young = [
        await repository.record(owner, OperationKind.IMPORT, [Changed(7, 0, 1)]) for _ in range(2)
    ]
    aged = "UPDATE contact_operations SET at = now() - make_interval(secs => $2) WHERE id = $1"
    await pg.execute(aged, old, TTL + 1)
    await pg.execute(aged, young, TTL - 60)

    assert await repository.purge(now()) == 1
    assert [row["id"] for row in await pg.fetch(ALL)] == [young]
    assert await repository.purge(now() + timedelta(minutes=2)) == 1
