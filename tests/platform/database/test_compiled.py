"""A compiled query is the ORM's own: the same SQL, the same values, the same rows."""

from datetime import UTC, datetime
from typing import Any

import asyncpg
import pytest
from tortoise.exceptions import IntegrityError
from tortoise.queryset import QuerySet, ValuesQuery

from contactsvc.accounts.audit.model import AuditEvent, Event
from contactsvc.contacts.model import Contact
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.database.compiled import CompiledInsert, CompiledQuery
from contactsvc.platform.database.transactions import transaction
from tests.support.rows import statements

pytestmark = pytest.mark.usefixtures("orm")


def one(owner_id: int, contact_id: int) -> ValuesQuery[Any]:
    return Contact.filter(owner_id=owner_id, id=contact_id).limit(1).values("id")


def named(owner_id: int, name: str, key: bytes, moment: datetime) -> ValuesQuery[Any]:
    """Ask with a value of each type, one of them twice, and with some that are the query's own."""
    found = Contact.filter(owner_id=owner_id, version__gte=1, last_name=name)
    found = found.exclude(last_name_sort=key).filter(created_at__gt=moment)
    return found.exclude(first_name=name).order_by("id").limit(3).values("id", "last_name")


NAMED = (7, "Lovelace", b"\0key", datetime(2026, 1, 31, 12, 0, 0, 1, tzinfo=UTC))


def locked(owner_id: int, version: int) -> QuerySet[Contact]:
    query = Contact.filter(owner_id=owner_id, version=version).only("id")
    return query.select_for_update(no_key=True)


def after(owner_id: int, *position: int) -> ValuesQuery[Any]:
    query = Contact.filter(owner_id=owner_id).order_by("id")
    return (query.filter(id__gt=position[0]) if position else query).values("id")


@pytest.mark.parametrize(
    ("query", "runs"),
    [
        (one, [(1, 2), (3, 3), (0, 2_000_000_001)]),
        (named, [NAMED]),
        (locked, [(1, 2)]),
        (after, [(1,), (1, 2), (3,)]),
    ],
)
async def test_it_sends_what_the_orm_would(query: Any, runs: list[tuple[Any, ...]]) -> None:
    compiled = CompiledQuery(query)
    for parameters in runs:
        with statements() as by_the_orm:
            await query(*parameters)
        with statements() as sent:
            await compiled.records(*parameters)
        assert sent == by_the_orm != []


async def test_rows_are_those_of_the_query(owner: int, contacts: ContactRepository) -> None:
    made = [await contacts.create({"first_name": f"name {number}"}) for number in range(3)]
    ids = [row["id"] for row, _ in made]
    compiled = CompiledQuery(after)

    assert [row["id"] for row in await compiled.records(owner)] == ids
    assert [row["id"] for row in await compiled.records(owner, ids[0])] == ids[1:]
    first = await compiled.first(owner, ids[0])
    assert first is not None
    assert first["id"] == ids[1]
    assert await compiled.first(owner, ids[-1]) is None


async def test_parameters_of_one_type_are_told_apart() -> None:
    """Whatever the type, and in whatever order the SQL has them."""

    def between(*ends: Any) -> ValuesQuery[Any]:
        column = {bytes: "last_name_sort", str: "last_name", datetime: "created_at"}[type(ends[0])]
        low, high = ends
        return Contact.filter(**{f"{column}__lt": high, f"{column}__gte": low}).values("id")

    compiled = CompiledQuery(between)
    for low, high in [("a", "b"), (b"a", b"b"), (NAMED[3].replace(year=2025), NAMED[3])]:
        with statements() as by_the_orm:
            await between(low, high)
        with statements() as sent:
            await compiled.records(low, high)
        assert sent == by_the_orm != []


async def test_its_sql_is_made_once_for_each_number_of_parameters() -> None:
    calls: list[tuple[int, ...]] = []

    def counted(*parameters: int) -> ValuesQuery[Any]:
        calls.append(parameters)
        return after(*parameters)

    compiled = CompiledQuery(counted)
    for parameters in [(1,), (2,), (1, 2), (3, 4), (5,)]:
        await compiled.records(*parameters)
    assert list(map(len, calls)) == [1, 2]


async def test_what_the_orm_would_change_is_not_compiled() -> None:
    escaped = CompiledQuery(lambda text: Contact.filter(notes__contains=text).values("id"))
    why = "^A parameter is not in the SQL as it is: SELECT "
    with pytest.raises(ValueError, match=why):
        await escaped.records("100%")
    unused = CompiledQuery(lambda _: Contact.all().values("id"))
    with pytest.raises(ValueError, match=why):
        await unused.records(1)


@pytest.mark.parametrize("value", [None, [1], True])
async def test_a_value_that_would_shape_the_sql_is_not_compiled(value: Any) -> None:
    with pytest.raises(TypeError, match=r"^Only int, str, bytes, datetime can be compiled\.$"):
        await CompiledQuery(after).records(1, value)


MOMENT = datetime(2026, 1, 31, 12, 0, 0, 1, tzinfo=UTC)
COLUMNS = ("id", "at", "event", "user_id", "ip", "request_id", "data")


async def test_a_row_is_added_as_the_orm_would(pg: asyncpg.Connection) -> None:
    values: dict[str, Any] = {
        "at": MOMENT,
        "event": Event.USER_CREATED,
        "user_id": 7,
        "ip": "",
        "request_id": "é",
    }
    await AuditEvent.create(id=1, **values, data={"by": "reset"})
    await CompiledInsert(AuditEvent, COLUMNS).run(2, *values.values(), '{"by":"reset"}')
    one, other = await pg.fetch("SELECT * FROM audit_events ORDER BY id")
    assert dict(one) | {"id": 2} == dict(other)


async def test_a_row_is_added_with_the_transaction_or_not_at_all(pg: asyncpg.Connection) -> None:
    add = CompiledInsert(AuditEvent, COLUMNS)
    values = (MOMENT, Event.USER_CREATED, 7, "", "", "{}")

    async def add_twice() -> None:
        async with transaction():
            await add.run(1, *values)
            await add.run(1, *values)

    with pytest.raises(IntegrityError):
        await add_twice()
    assert await pg.fetchval("SELECT count(*) FROM audit_events") == 0
