"""A batch is one transaction and a few statements, beside whoever else writes the same book."""

import secrets
from collections.abc import Sequence
from typing import Any

import asyncpg
import orjson
import pytest

from contactsvc.contacts.batches.planning import Method, Step
from contactsvc.contacts.batches.service import Batch, Report
from contactsvc.contacts.repository import MAX_CONTACTS, ContactRepository
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import NotFound, PreconditionFailed, Unauthenticated
from tests.support.locks import race
from tests.support.rows import as_read, statements

BOOK = "SELECT FROM address_books FOR UPDATE"
ADA = {"first_name": "Ada"}


def batch(owner: int, steps: Sequence[Step], *, is_atomic: bool = True) -> Batch:
    return Batch(owner, None, MAX_CONTACTS, steps, is_atomic=is_atomic)


async def run(owner: int, *steps: Step, is_atomic: bool = True) -> Report:
    return await batch(owner, steps, is_atomic=is_atomic).run()


def errors(report: Report) -> list[type[Exception] | None]:
    return [type(each.error) if each.error else None for each in report.outcomes]


def updates(ids: Sequence[int], **fields: Any) -> list[Step]:
    return [Step(Method.UPDATE, fields, contact_id) for contact_id in ids]


async def added(owner: int, count: int) -> list[int]:
    report = await run(owner, *[Step(Method.CREATE, ADA)] * count)
    return [each.contact["id"] for each in report.outcomes if each.contact]


async def test_of_200_contacts_it_sends_few_statements(
    owner: int, contacts: ContactRepository
) -> None:
    ids = await added(owner, 100)
    uids = [Step(Method.CREATE, ADA | {"uid": f"uid-{n}"}) for n in range(100)]
    deletions = [Step(Method.DELETE, {}, contact_id) for contact_id in ids[50:]]

    with statements() as sent:
        report = await run(owner, *uids, *updates(ids[:50], notes="x"), *deletions)

    assert errors(report) == [None] * 200
    # The lock, the uids, the count; 50 contacts at a time are read, changed, deleted, added.
    assert len(sent) <= 12, [statement for statement, _ in sent]


async def test_large_contacts_are_read_a_few_at_a_time(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    ids = await added(owner, 6)
    extra = orjson.dumps([secrets.token_hex(30_000)]).decode()
    await pg.execute("UPDATE contacts SET extra = $1::jsonb WHERE id <> $2", extra, ids[2])
    await contacts.delete(ids[1])
    asked = [*reversed(ids), ids[-1] + 1]

    with statements() as sent:
        report = await run(owner, *updates(asked, notes="x"), is_atomic=False)

    assert errors(report) == [None, None, None, None, NotFound, None, NotFound]
    reads = [statement for statement, _ in sent if "bytes_before" in statement]
    assert len(reads) > 3, "or nothing is tried"
    kept = await pg.fetch("SELECT notes, extra IS NULL AS bare FROM contacts ORDER BY id")
    assert [tuple(row) for row in kept] == [("x", bare) for bare in (False, True, *[False] * 3)]


async def test_it_waits_for_who_writes_and_sees_what_was_written(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection, postgres_url: str
) -> None:
    ids = await added(owner, 2)
    changed = f"UPDATE contacts SET version = version + 1 WHERE id = {ids[1]}"
    steps = [Step(Method.UPDATE, {"notes": "x"}, contact_id, [1]) for contact_id in ids]

    [report] = await race(
        pg,
        postgres_url,
        BOOK.replace("SELECT", f"WITH other AS ({changed} RETURNING id) SELECT"),
        batch(owner, steps, is_atomic=False).run(),
    )

    assert errors(report) == [None, PreconditionFailed]
    row, version = await contacts.get(ids[0])
    assert (as_read(row), version) == (as_read(report.outcomes[0].contact), 2)


async def test_batches_and_other_writes_at_once_lock_one_thing_alone(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection, postgres_url: str
) -> None:
    ids = await added(owner, 4)
    writes = (
        batch(owner, updates(ids, notes="forth")).run(),
        contacts.change(ids[0], {"last_name": "x"}),
        contacts.delete(ids[3]),
    )
    outcomes = await race(pg, postgres_url, BOOK, *writes)
    assert not any(isinstance(each, Exception) for each in outcomes), outcomes
    numbers = await pg.fetch("SELECT seq FROM contacts UNION SELECT seq FROM deleted_contacts")
    assert len(numbers) == 4


async def test_what_an_older_release_has_written_is_read_as_it_stands(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    row, _ = await contacts.create(ADA | {"emails": [{"value": "a@example.com"}]})
    other, _ = await contacts.create({"first_name": "Bea"})
    await pg.execute(
        "UPDATE contacts SET email = 'b@example.com', version = 2 WHERE id = $1", row["id"]
    )
    await pg.execute("UPDATE contacts SET uid = NULL WHERE id = $1", other["id"])
    await pg.execute("UPDATE address_books SET contacts = NULL")

    report = await run(
        owner,
        Step(Method.UPDATE, {}, row["id"]),
        Step(Method.UPDATE, {"notes": "x"}, row["id"], [2]),
        Step(Method.DELETE, {}, other["id"]),
        Step(Method.CREATE, ADA),
    )

    assert errors(report) == [None] * 4
    emails = [each.contact["email"] for each in report.outcomes[:2] if each.contact]
    assert emails == ["b@example.com"] * 2
    assert await pg.fetchval("SELECT contacts FROM address_books") == 2


async def test_one_that_is_not_done_takes_nothing_else_of_the_transaction_back(
    owner: int, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    ids = await added(owner, 60)
    async with transaction():
        await contacts.change(ids[0], {"notes": "kept"})
        report = await run(owner, *updates(ids, notes="x"), Step(Method.DELETE, {}, 10**9))
        await contacts.change(ids[1], {"notes": "kept"})
    assert (report.is_done, errors(report)[-1]) == (False, NotFound)
    kept = await pg.fetch("SELECT id FROM contacts WHERE notes <> '' ORDER BY id")
    assert [row["id"] for row in kept] == ids[:2]


async def test_an_account_that_has_just_been_deleted_adds_nothing(
    owner: int, pg: asyncpg.Connection
) -> None:
    await pg.execute("DELETE FROM users")
    with pytest.raises(Unauthenticated):
        await run(owner, Step(Method.CREATE, ADA))


async def test_somebody_elses_contacts_are_not_found(
    owner: int, foreign: ContactRepository
) -> None:
    row, _ = await foreign.create(ADA)
    steps = [*updates([row["id"]], notes="x"), Step(Method.DELETE, {}, row["id"])]
    report = await run(owner, *steps, is_atomic=False)
    assert errors(report) == [NotFound, NotFound]
    assert (await foreign.get(row["id"]))[1] == 1
