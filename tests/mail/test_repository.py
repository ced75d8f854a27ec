"""The outbox: how full it is, at the same price however much has piled up, and who claims what."""

import asyncio
import threading
from collections.abc import AsyncIterator, Sequence

import asyncpg
import pytest

from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.mail.repository import MAX_COUNTED, ClaimedMail, Depth
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction
from tests.mail import support
from tests.support.locks import passes, race, waiting
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.usefixtures("orm")


async def put(pg: asyncpg.Connection, status: str, count: int, age: float = 0) -> None:
    """Insert mails that became due so many seconds ago, and the one before a second earlier.

    Each was asked for ten seconds before that.
    """
    await pg.execute(
        """
        INSERT INTO outbox (kind, recipient, params, status, attempts, created_at,
                            next_attempt_at, last_error)
        SELECT 'registration', 'ada@example.com', '{}', $1, 0,
               now() - ($3 + n + 10) * interval '1 second',
               now() - ($3 + n) * interval '1 second', ''
        FROM generate_series(0, $2 - 1) AS n
        """,
        status,
        count,
        age,
    )


async def test_an_empty_outbox() -> None:
    assert await outbox.depth() == Depth(pending=0, dead=0, oldest_due=0, oldest_age=0)


async def test_what_is_sent_or_skipped_is_not_counted(pg: asyncpg.Connection) -> None:
    for status, count in {"pending": 2, "sent": 3, "skipped": 4, "dead": 5}.items():
        await put(pg, status, count, age=100)

    due = await pg.fetchval("SELECT min(next_attempt_at) FROM outbox WHERE status = 'pending'")
    begun, depth, ended = now(), await outbox.depth(), now()

    assert (depth.pending, depth.dead) == (2, 5)
    assert (begun - due).total_seconds() <= depth.oldest_due <= (ended - due).total_seconds()
    assert depth.oldest_due > 100
    assert depth.oldest_age == pytest.approx(depth.oldest_due + 10)


async def test_a_mail_that_is_to_be_tried_later_is_not_due(pg: asyncpg.Connection) -> None:
    await put(pg, "pending", 1, age=100)
    await pg.execute("UPDATE outbox SET next_attempt_at = now() + interval '1 hour'")
    depth = await outbox.depth()
    assert (depth.pending, depth.oldest_due) == (1, 0)
    assert depth.oldest_age >= 110, "it was asked for all the same"


async def test_counting_ends(pg: asyncpg.Connection) -> None:
    await put(pg, "pending", MAX_COUNTED + 5)
    await put(pg, "dead", MAX_COUNTED + 5)

    depth = await outbox.depth()

    assert (depth.pending, depth.dead) == (MAX_COUNTED, MAX_COUNTED)
    assert depth.oldest_due >= MAX_COUNTED


@pytest.mark.slow
async def test_what_was_sent_long_ago_is_not_looked_at(pg: asyncpg.Connection) -> None:
    await put(pg, "sent", 20_000)
    await put(pg, "pending", 3)
    await pg.execute("ANALYZE outbox")

    plan = "\n".join(row[0] for row in await pg.fetch(f"EXPLAIN {outbox._DEPTH}"))

    assert "Seq Scan" not in plan, plan
    assert plan.count("idx_outbox_status") == 4, plan


async def test_what_another_worker_claims_is_passed_over(
    pg: asyncpg.Connection, postgres_url: str
) -> None:
    await put(pg, "pending", 2)
    other = await asyncpg.connect(postgres_url)
    async with other.transaction():
        first = "SELECT id FROM outbox ORDER BY next_attempt_at LIMIT 1 FOR UPDATE"
        theirs = await other.fetchval(first)
        claimed = await passes(pg, outbox.claim(2, 60))
    await other.close()
    assert len(claimed) == 1
    assert claimed[0].id != theirs


SLOW = """
CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock(42); RETURN NULL; END $$;
CREATE TRIGGER slow BEFORE UPDATE ON outbox FOR EACH STATEMENT EXECUTE FUNCTION slow();
"""


@pytest.fixture
async def slow_writes(pg: asyncpg.Connection) -> AsyncIterator[str]:
    """A statement that holds up every change of the outbox, though not who looks for mail."""
    await pg.execute(SLOW)
    yield "SELECT pg_advisory_xact_lock(42)"
    await pg.execute("DROP FUNCTION slow CASCADE")


async def test_a_mail_is_passed_over_until_its_claim_is_written(
    pg: asyncpg.Connection, postgres_url: str, slow_writes: str
) -> None:
    await put(pg, "pending", 2)
    second: list[asyncio.Future[Sequence[ClaimedMail]]] = []

    async def claim_another() -> None:
        second.append(asyncio.ensure_future(outbox.claim(1, 60)))
        await waiting(pg, second, others=1)

    first = outbox.claim(1, 60)
    claims = await race(pg, postgres_url, slow_writes, first, meanwhile=claim_another)
    claims += [await each for each in second]
    assert sorted(mail.id for claim in claims for mail in claim) == [1, 2]


async def ask(recipient: str, error: Exception | None = None) -> None:
    async with transaction():
        await outbox.put(MailKind.RESET_PASSWORD, recipient)
        if error is not None:
            raise error


async def test_who_listens_is_called_when_mail_is_committed(pg: asyncpg.Connection) -> None:
    seen: list[str] = []
    with (
        outbox.listening(lambda: seen.append("first")),
        outbox.listening(lambda: seen.append("both")),
    ):
        async with transaction():
            await ask("ada@example.com")
            assert seen == []
        assert seen == ["first", "both"]
        with pytest.raises(ZeroDivisionError):
            await ask("ada@example.com", ZeroDivisionError())
        assert seen == ["first", "both"]

    with outbox.listening(lambda: seen.append("again")):
        await pg.execute("UPDATE outbox SET status = 'dead'")
        await outbox.requeue(await pg.fetchval("SELECT id FROM outbox"))
    assert seen == ["first", "both", "again"]


async def test_nobody_in_another_event_loop_is_called() -> None:
    """An asyncio.Event of another thread, say, cannot be set from here."""
    seen: list[str] = []
    listening, asked = threading.Event(), threading.Event()

    async def listen() -> None:
        with outbox.listening(lambda: seen.append("elsewhere")):
            listening.set()
            await asyncio.to_thread(asked.wait)

    elsewhere = asyncio.create_task(asyncio.to_thread(asyncio.run, listen()))
    with outbox.listening(lambda: seen.append("here")):
        await asyncio.to_thread(listening.wait, PATIENCE)
        await ask("ada@example.com")
    asked.set()
    await elsewhere
    assert seen == ["here"]


async def test_a_kind_of_a_later_release_is_left_to_it(pg: asyncpg.Connection) -> None:
    later = await support.ask(pg, "of_a_later_release", "ada@example.com")
    known = await support.ask(pg, "reset_password", "ada@example.com")

    claimed = await outbox.claim(10, 60)

    assert [mail.id for mail in claimed] == [known]
    left = await pg.fetchrow("SELECT status, attempts FROM outbox WHERE id = $1", later)
    assert tuple(left) == ("pending", 0)
