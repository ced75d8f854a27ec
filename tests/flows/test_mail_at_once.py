"""Whoever asks for mail wakes the worker: it would look by itself in an hour only."""

import asyncio
from collections.abc import Awaitable, Callable

import asyncpg
import pytest

from contactsvc.mail.worker import OutboxWorker
from tests.conftest import PASSWORD, Client, MakePerson, Person
from tests.support.links import ask_for_email
from tests.support.mailbox import Mailbox
from tests.support.waiting import PATIENCE

EMAIL, NEW = "grace@example.com", "quite another battery staple"


@pytest.fixture
def resting(monkeypatch: pytest.MonkeyPatch) -> set[OutboxWorker]:
    """The workers that have looked into an empty outbox and wait; every one waits for an hour."""
    resting: set[OutboxWorker] = set()
    rest = OutboxWorker._rest

    async def rest_and_tell(worker: OutboxWorker) -> None:
        resting.add(worker)
        try:
            await rest(worker)
        finally:
            resting.discard(worker)

    defaults = OutboxWorker.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "poll", 3600.0)
    monkeypatch.setattr(OutboxWorker, "_rest", rest_and_tell)
    return resting


@pytest.fixture
async def sleepy(resting: set[OutboxWorker], client: Client) -> Client:
    """A client of an application whose worker waits."""
    return client


async def settle(resting: set[OutboxWorker], pg: asyncpg.Connection) -> None:
    """Wait until no mail is to be sent any more and the worker waits."""
    async with asyncio.timeout(PATIENCE):
        while not resting or await pg.fetchval("SELECT count(*) FROM outbox WHERE attempts = 0"):
            await asyncio.sleep(0.01)  # it works beside the requests


async def register(grace: Person, mailbox: Mailbox, pg: asyncpg.Connection) -> None:
    body = {"email": "ada@example.com", "password": PASSWORD}
    assert (await grace.client.post("/api/auth/register", json=body)).status == 201


async def confirm_again(grace: Person, mailbox: Mailbox, pg: asyncpg.Connection) -> None:
    body = {"email": EMAIL}
    assert (await grace.client.post("/api/auth/request_email", json=body)).status == 202


async def forget(grace: Person, mailbox: Mailbox, pg: asyncpg.Connection) -> None:
    body = {"email": EMAIL}
    assert (await grace.client.post("/api/auth/update_password", json=body)).status == 202


async def reset(grace: Person, mailbox: Mailbox, pg: asyncpg.Connection) -> None:
    link = await mailbox.link(EMAIL)
    assert (await grace.client.post(link, json={"password": NEW})).status == 200


async def change_password(grace: Person, mailbox: Mailbox, pg: asyncpg.Connection) -> None:
    body = {"current_password": PASSWORD, "new_password": NEW}
    assert (await grace.put("/api/users/me/password", json=body)).status == 204


async def change_email(grace: Person, mailbox: Mailbox, pg: asyncpg.Connection) -> None:
    await ask_for_email(grace, "admiral@example.com")


async def send_a_reset(grace: Person, mailbox: Mailbox, pg: asyncpg.Connection) -> None:
    user_id = await pg.fetchval("SELECT id FROM users WHERE email = $1", EMAIL)
    assert (await grace.post(f"/api/admin/users/{user_id}/reset")).status == 202


async def retry(grace: Person, mailbox: Mailbox, pg: asyncpg.Connection) -> None:
    mail_id = await pg.fetchval("UPDATE outbox SET status = 'dead', attempts = 8 RETURNING id")
    assert (await grace.post(f"/api/admin/outbox/{mail_id}/retry")).status == 202


Ask = Callable[[Person, Mailbox, asyncpg.Connection], Awaitable[None]]
ASKS: list[tuple[Ask, tuple[Ask, ...], int]] = [
    # What asks for mail, what is done before it, and how many mails it asks for.
    (register, (), 1),
    (confirm_again, (), 1),
    (forget, (), 1),
    (reset, (forget,), 1),
    (change_password, (), 1),
    (change_email, (), 2),
    (send_a_reset, (), 1),
    (retry, (forget,), 1),
]


@pytest.mark.parametrize(("ask", "before", "mails"), ASKS, ids=[a[0].__name__ for a in ASKS])
async def test_mail_goes_out_at_once(
    sleepy: Client,
    resting: set[OutboxWorker],
    make_person: MakePerson,
    mailbox: Mailbox,
    pg: asyncpg.Connection,
    ask: Ask,
    before: tuple[Ask, ...],
    mails: int,
) -> None:
    grace = await make_person(EMAIL)
    await pg.execute("UPDATE users SET role = 'admin'")
    await grace.sign_in()
    for step in before:
        await step(grace, mailbox, pg)
    await settle(resting, pg)
    await pg.execute("UPDATE outbox SET finished_at = NULL")

    await ask(grace, mailbox, pg)

    finished = "SELECT count(*) FROM outbox WHERE finished_at IS NOT NULL"
    async with asyncio.timeout(PATIENCE):
        while True:
            asleep = any(not worker._woken.is_set() for worker in resting)
            if await pg.fetchval(finished) >= mails:
                break
            assert not asleep, "nobody has woken the worker"
            await asyncio.sleep(0.01)  # it works beside the requests
