"""One contact for one key, whoever comes at once and whatever dies in between."""

import asyncio
from datetime import timedelta
from typing import Any, NoReturn

import asyncpg
import pytest

from contactsvc.accounts.idempotency import middleware
from contactsvc.accounts.idempotency.repository import LEASE
from tests.accounts.idempotency.support import COUNT, KEYS, add, replayed
from tests.conftest import Person, problem
from tests.support.clocks import Clock
from tests.support.locks import race, waiting
from tests.support.waiting import until

pytestmark = pytest.mark.own_app

BOOK = "SELECT FROM address_books FOR UPDATE"
TAKE_OVER = (
    "UPDATE idempotency_keys SET claim = 'another', status = 201, headers = '{}',"
    " body = '{\"id\": 7}', expires_at = now() + interval '1 hour'"
)
WAITS_FOR_KEY = (
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    " AND wait_event_type = 'Lock' AND query LIKE 'UPDATE idempotency_keys%'"
)
KEY = f"{KEYS} FOR UPDATE"
KILL = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


@pytest.fixture
async def book(grace: Person) -> None:
    """The row that adding a contact locks, and that a test can hold."""
    contact = await grace.add_contact()
    assert (await grace.delete(f"/api/contacts/{contact['id']}")).status == 204


@pytest.mark.usefixtures("book")
async def test_of_twenty_at_once_one_adds_a_contact(
    grace: Person, pg: asyncpg.Connection, postgres_url: str
) -> None:
    async def nineteen_more() -> None:
        for response in await asyncio.gather(*(add(grace) for _ in range(19))):
            await problem(response, 409, "conflict")

    (first,) = await race(pg, postgres_url, BOOK, add(grace), meanwhile=nineteen_more)

    assert (first.status, replayed(first)) == (201, False)
    assert await pg.fetchval(COUNT) == 1
    again = await add(grace)
    assert (again.status, replayed(again)) == (201, True)
    assert await again.json() == await first.json()


async def test_whatever_twenty_are_told_it_is_of_one_contact(
    grace: Person, pg: asyncpg.Connection
) -> None:
    answers = await asyncio.gather(*(add(grace) for _ in range(20)))

    assert {answer.status for answer in answers} <= {201, 409}
    added = [answer for answer in answers if answer.status == 201]
    assert [replayed(answer) for answer in added].count(False) == 1
    assert len({(await answer.json())["id"] for answer in added}) == 1
    assert await pg.fetchval(COUNT) == 1


async def test_many_keys_of_one_user_take_turns(grace: Person, pg: asyncpg.Connection) -> None:
    answers = await asyncio.gather(*(add(grace, f"key{n}") for n in range(20)))
    assert {answer.status for answer in answers} == {201}
    assert await pg.fetchval(COUNT) == 20


async def die(pg: asyncpg.Connection) -> None:
    """Let PostgreSQL lose the connection that waits for a lock; nothing can be seen of its work."""
    assert await pg.fetchval(COUNT) == 0
    assert await pg.fetch(KILL)


async def is_done_once(person: Person, pg: asyncpg.Connection) -> None:
    again = await add(person)
    assert (again.status, replayed(again)) == (201, False)
    assert await pg.fetchval(COUNT) == 1
    assert replayed(await add(person))


@pytest.mark.usefixtures("book")
async def test_what_dies_before_the_change_is_done_anew(
    grace: Person, pg: asyncpg.Connection, postgres_url: str
) -> None:
    (lost,) = await race(pg, postgres_url, BOOK, add(grace), meanwhile=lambda: die(pg))

    await problem(lost, 503, "unavailable")
    await is_done_once(grace, pg)


@pytest.mark.usefixtures("book")
async def test_what_dies_between_change_and_answer_is_done_anew(
    grace: Person, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """The answer is written last, in the transaction of the change."""
    book, key = [await asyncpg.connect(postgres_url) for _ in range(2)]
    await book.execute(f"BEGIN; {BOOK}")
    task = asyncio.ensure_future(add(grace))
    await waiting(pg, [task])
    await key.execute(f"BEGIN; {KEY}")
    await book.close()
    try:
        await until(lambda: task.done() or pg.fetchval(WAITS_FOR_KEY))
        await die(pg)
    finally:
        await key.close()

    await problem(await task, 503, "unavailable")
    await is_done_once(grace, pg)


async def test_what_dies_after_the_commit_is_answered_again(
    grace: Person, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked = middleware._worked

    async def die_with_the_answer(*args: Any) -> NoReturn:
        await worked(*args)
        raise ZeroDivisionError

    with monkeypatch.context() as patch:
        patch.setattr(middleware, "_worked", die_with_the_answer)
        await problem(await add(grace), 500, "internal_error")
    assert await pg.fetchval(COUNT) == 1
    again = await add(grace)
    assert (again.status, replayed(again)) == (201, True)
    assert await pg.fetchval(COUNT) == 1


async def test_the_claim_of_a_dead_process_ends_with_its_lease(
    grace: Person, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = Clock(monkeypatch)
    contact = await (await add(grace)).json()
    await pg.execute("UPDATE idempotency_keys SET status = NULL, expires_at = $1",
                     clock.now() + timedelta(seconds=LEASE))  # fmt: skip
    assert (await grace.delete(f"/api/contacts/{contact['id']}")).status == 204

    for _ in range(2):
        await problem(await add(grace), 409, "conflict")
    await problem(await add(grace, first_name="Bob"), 422, "idempotency_key_reused")
    clock.move(LEASE)
    await is_done_once(grace, pg)


@pytest.mark.usefixtures("book")
async def test_who_comes_back_after_its_lease_is_too_late(
    grace: Person, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """The second one is of another process, which has done it meanwhile."""

    async def take_over() -> None:
        await pg.execute(TAKE_OVER)

    (late,) = await race(pg, postgres_url, BOOK, add(grace), meanwhile=take_over)

    await problem(late, 409, "conflict")
    assert await pg.fetchval(COUNT) == 0
    assert await (await add(grace)).json(content_type=None) == {"id": 7}
