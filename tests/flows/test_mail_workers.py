"""Workers as processes of their own: they share the work, and go on where another was killed."""

import asyncio
import signal
import sys
from asyncio.subprocess import Process
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from contactsvc.mail.smtp import SmtpSender, SmtpServer
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.database import database
from tests.mail.support import ask, mail_composer, outbox
from tests.support.accounts import add_account
from tests.support.smtp_server import MailHandler, smtp_server
from tests.support.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]

SHORT_LEASE = 1.0


@asynccontextmanager
async def worker_process(url: str, port: int, lease: float = 60) -> AsyncIterator[Process]:
    """A real worker, killed at the end if it still lives."""
    arguments = ("-m", "tests.support.outbox_worker", url, str(port), str(lease))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, cwd=ROOT)
    try:
        yield process
    finally:
        if process.returncode is None:
            process.send_signal(signal.SIGKILL)
            await process.wait()


@pytest.mark.process
async def test_two_workers_share_the_work_and_double_nothing(
    pg: asyncpg.Connection, postgres_url: str
) -> None:
    recipients = [f"ada{number}@example.com" for number in range(50)]
    first, second = MailHandler(), MailHandler()
    async with (
        smtp_server(first) as one,
        smtp_server(second) as two,
        worker_process(postgres_url, one),
        worker_process(postgres_url, two),
    ):

        async def all_sent() -> bool:
            return set(await outbox(pg)) <= {("sent", 1)}

        # Both are up when each has sent something: then neither can have it all. One mail at a
        # time, as those that one worker has not sent when the other comes up are in the way.
        async def both_work() -> bool:
            if await all_sent():
                await ask(pg, "password_changed", "warm.up@example.com")
            return bool(first.envelopes and second.envelopes)

        await until(both_work)
        async with pg.transaction():
            for recipient in recipients:
                await ask(pg, "password_changed", recipient)
        await until(all_sent)

    shares = [Counter(str(mail["To"]) for mail in handler.mails()) for handler in (first, second)]
    for share in shares:
        del share["warm.up@example.com"]
        assert share, "each has sent some"
    assert shares[0] + shares[1] == Counter(recipients)
    assert len(set(first.message_ids() + second.message_ids())) == await pg.fetchval(
        "SELECT count(*) FROM outbox"
    )


@asynccontextmanager
async def locked(
    pg: asyncpg.Connection, url: str, statement: str
) -> AsyncIterator[Callable[[], Awaitable[bool]]]:
    """Hold a lock that a worker runs into; gives a question whether one has.

    At the end whoever waits for it is ended first, as the server would end the statement of a
    client that it knows to be dead.
    """
    holder = await asyncpg.connect(url)
    waiting = (
        "FROM pg_stat_activity WHERE datname = current_database() "
        "AND application_name = 'contactsvc' AND wait_event_type = 'Lock'"
    )
    transaction = holder.transaction()
    await transaction.start()
    await holder.execute(statement)

    async def somebody_waits() -> bool:
        return bool(await pg.fetchval(f"SELECT count(*) {waiting}"))

    try:
        yield somebody_waits
    finally:
        await pg.execute(f"SELECT pg_terminate_backend(pid) {waiting}")
        await transaction.rollback()
        await holder.close()


async def kill(process: Process) -> None:
    process.send_signal(signal.SIGKILL)
    await process.wait()


async def take_over(url: str, port: int, pg: asyncpg.Connection) -> None:
    """Let another worker go on until the outbox is empty."""
    smtp = SmtpSender(SmtpServer.parse(f"smtp://127.0.0.1:{port}"))

    async def done() -> bool:
        return {status for status, _ in await outbox(pg)} == {"sent"}

    async with database(url), OutboxWorker(smtp, mail_composer(), poll=0.05).running():
        await until(done)


@pytest.mark.process
async def test_killed_with_a_claim_in_hand(pg: asyncpg.Connection, postgres_url: str) -> None:
    await add_account(pg, "ada@example.com", confirmed=False)
    await ask(pg, "confirm_email", "ada@example.com")
    handler = MailHandler()
    async with smtp_server(handler) as port:
        # It claims, and then wants to look the account up.
        async with (
            locked(pg, postgres_url, "LOCK TABLE users") as somebody_waits,
            worker_process(postgres_url, port, SHORT_LEASE) as process,
        ):
            await until(somebody_waits)
            await kill(process)
        assert await outbox(pg) == [("pending", 1)]
        await take_over(postgres_url, port, pg)
    assert len(handler.mails()) == 1


@pytest.mark.parametrize("step", ["MAIL", "RCPT"])
@pytest.mark.process
async def test_killed_while_it_hands_in(
    pg: asyncpg.Connection, postgres_url: str, step: str
) -> None:
    reached = asyncio.Event()

    async def hang() -> None:
        reached.set()
        del handler.at[step]
        await asyncio.Event().wait()  # till it is killed

    await ask(pg, "password_changed", "ada@example.com")
    handler = MailHandler(at={step: hang})
    async with smtp_server(handler) as port:
        async with worker_process(postgres_url, port, SHORT_LEASE) as process:
            await asyncio.wait_for(reached.wait(), PATIENCE)
            await kill(process)
        await take_over(postgres_url, port, pg)
    assert len(handler.mails()) == 1


@pytest.mark.parametrize("noticed", [False, True], ids=["before the answer", "before the note"])
@pytest.mark.process
async def test_killed_when_the_server_has_the_mail(
    pg: asyncpg.Connection, postgres_url: str, noticed: bool
) -> None:
    """The one moment at which a mail is doubled: nobody can know that it was taken."""
    taken, go_on = asyncio.Event(), asyncio.Event()

    async def wait() -> None:
        taken.set()
        await go_on.wait()

    mail_id = await ask(pg, "password_changed", "ada@example.com")
    await ask(pg, "password_changed", "grace@example.com")
    handler = MailHandler(at={"answer": wait})
    async with smtp_server(handler) as port:
        async with worker_process(postgres_url, port, SHORT_LEASE) as process:
            await asyncio.wait_for(taken.wait(), PATIENCE)
            lock = f"SELECT FROM outbox WHERE id = {mail_id} FOR UPDATE"
            async with locked(pg, postgres_url, lock) as somebody_waits:
                if noticed:
                    go_on.set()
                    await until(somebody_waits)
                await kill(process)
                go_on.set()
        await take_over(postgres_url, port, pg)

    counts = Counter(handler.message_ids())
    assert sorted(counts.values()) == [1, 2], "one extra, of the mail that was in hand"
    assert len(counts) == 2, "and both copies can be told to be one mail"
