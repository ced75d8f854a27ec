"""The attack matrix: resets and changes of an e-mail that cross one another, or a thief's."""

import asyncio
from collections.abc import AsyncIterator, Coroutine
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientResponse

from tests.conftest import MakeClient, MakePerson, Person, problem
from tests.flows.test_attacks import login
from tests.support.links import ask_for_email, email_change_link, reset_link
from tests.support.locks import until_locks_wait
from tests.support.mailbox import Mailbox, link, nothing_pending

NEW = "quite another battery staple"


@pytest.fixture
def owner(grace: Person) -> Person:
    """Whose account it is."""
    return grace


async def reset(owner: Person, path: str) -> ClientResponse:
    return await owner.client.post(path, json={"password": NEW})


# What happens while something else is under way


@asynccontextmanager
async def held(postgres_url: str) -> AsyncIterator[None]:
    """Hold the row of the one user, so that everything that would change it waits."""
    holder = await asyncpg.connect(postgres_url)
    try:
        async with holder.transaction():
            await holder.execute("SELECT id FROM users FOR UPDATE")
            yield
    finally:
        await holder.close()


async def one_after_the_other(
    pg: asyncpg.Connection, postgres_url: str, *calls: Coroutine[Any, Any, ClientResponse]
) -> list[int]:
    """Let calls come to a stop at the user's row, release them, and return the statuses."""
    tasks = []
    async with held(postgres_url):
        for count, call in enumerate(calls, 1):
            tasks.append(asyncio.create_task(call))
            await until_locks_wait(pg, count)
    return [response.status for response in await asyncio.gather(*tasks)]


async def test_a_write_under_way_does_not_undo_a_reset(
    owner: Person, mailbox: Mailbox, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """An old session's write used to put back the whole row that it had read, hash and all."""
    assert (await owner.get("/api/users/me")).status == 200  # now cached
    path = await reset_link(owner, mailbox)
    rename = owner.patch("/api/users/me", json={"name": "Mallory"})

    statuses = await one_after_the_other(pg, postgres_url, rename, reset(owner, path))

    assert statuses == [200, 200]
    again = await owner.patch("/api/users/me", json={"name": "Mallory again"})
    await problem(again, 401, "unauthenticated")
    await problem(await login(owner.client, owner.email), 401, "invalid_credentials")
    await owner.sign_in(NEW)
    assert (await (await owner.get("/api/users/me")).json())["name"] == "Mallory"


async def test_an_e_mail_change_asked_for_during_a_reset_is_dead(
    owner: Person, mailbox: Mailbox, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """The thief's session is good until the reset commits, so the mail may cross it."""
    path = await reset_link(owner, mailbox)
    async with held(postgres_url):
        reset_task = asyncio.create_task(reset(owner, path))
        await until_locks_wait(pg, 1)
        await ask_for_email(owner, "thief@example.com")
        await until_locks_wait(pg, 2)  # the second is the mail to the thief being written
    assert (await reset_task).status == 200
    await nothing_pending(pg)

    for mail in mailbox.all():
        if "thief@example.com" in str(mail["To"]):
            await problem(await owner.client.post(link(mail)), 400, "invalid_token")
    assert await pg.fetchval("SELECT email FROM users") == owner.email


async def test_a_reset_asked_for_during_an_e_mail_change_opens_nothing(
    owner: Person, mailbox: Mailbox, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Whoever reads the old mailbox asks just before the address is given up."""
    change = await email_change_link(owner, "admiral@example.com", mailbox)
    async with held(postgres_url):
        change_task = asyncio.create_task(owner.client.post(change))
        await until_locks_wait(pg, 1)
        body = {"email": owner.email}
        assert (await owner.client.post("/api/auth/update_password", json=body)).status == 202
        await until_locks_wait(pg, 2)  # the second is the mail to the old address being written
    assert (await change_task).status == 200
    await nothing_pending(pg)

    for mail in mailbox.all():
        if "/confirm_update_password/" in str(mail.get_body(("plain",))):
            await problem(await reset(owner, link(mail)), 400, "invalid_token")
    assert (await login(owner.client, "admiral@example.com")).status == 200


async def test_an_e_mail_change_and_a_reset_at_once_do_not_get_stuck(
    owner: Person, mailbox: Mailbox, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """A thief must not be able to keep the owner's reset from succeeding."""
    change = await email_change_link(owner, "thief@example.com", mailbox)
    path = await reset_link(owner, mailbox)

    statuses = await one_after_the_other(
        pg, postgres_url, reset(owner, path), owner.client.post(change)
    )

    assert statuses == [200, 400]
    assert await pg.fetchval("SELECT email FROM users") == owner.email


# What a thief has set going before the owner notices


@pytest.mark.usefixtures("eager_worker")
async def test_an_e_mail_change_is_dead_after_a_reset_even_if_not_mailed_yet(
    make_client: MakeClient, make_person: MakePerson, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    owner = await make_person()
    path = await reset_link(owner, mailbox)
    await owner.client.close()
    # Nobody listens there, so mail stays in the outbox.
    owner.client = await make_client(smtp_url="smtp://127.0.0.1:1?starttls=never")
    await ask_for_email(owner, "thief@example.com")
    assert (await reset(owner, path)).status == 200
    await owner.client.close()

    owner.client = await make_client()
    await pg.execute("UPDATE outbox SET next_attempt_at = now()")
    await nothing_pending(pg)

    recipients = [str(mail["To"]) for mail in mailbox.all()]
    assert "thief@example.com" not in recipients
    assert recipients.count(owner.email) == 3  # a reset and two notices
    await owner.sign_in(NEW)


async def test_a_reset_link_of_the_old_address_is_dead_after_an_e_mail_change(
    owner: Person, mailbox: Mailbox
) -> None:
    old_address = await reset_link(owner, mailbox)
    change = await email_change_link(owner, "admiral@example.com", mailbox)
    assert (await owner.client.post(change)).status == 200

    await problem(await reset(owner, old_address), 400, "invalid_token")
    assert (await login(owner.client, "admiral@example.com")).status == 200


@pytest.mark.usefixtures("eager_worker")
async def test_a_reset_asked_for_the_old_address_is_not_mailed_after_an_e_mail_change(
    make_client: MakeClient, make_person: MakePerson, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    owner = await make_person()
    change = await email_change_link(owner, "admiral@example.com", mailbox)
    await owner.client.close()
    owner.client = await make_client(smtp_url="smtp://127.0.0.1:1?starttls=never")
    body = {"email": owner.email}
    assert (await owner.client.post("/api/auth/update_password", json=body)).status == 202
    assert (await owner.client.post(change)).status == 200
    await owner.client.close()
    before = len(mailbox.all())

    owner.client = await make_client()
    await pg.execute("UPDATE outbox SET next_attempt_at = now()")
    await nothing_pending(pg)

    assert len(mailbox.all()) == before
