"""Birthday reminders from the setting to the click that ends them, as people live with them."""

import asyncio
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from typing import Any
from urllib.parse import urlsplit

import asyncpg
import pytest
from aiohttp import ClientResponse

from contactsvc.contacts.reminders import service
from contactsvc.mail import repository as outbox
from tests.conftest import PASSWORD, Client, MakePerson, Person
from tests.support.clocks import Clock
from tests.support.locks import until_locks_wait
from tests.support.mailbox import Mailbox, nothing_pending, text

PATH = "/api/users/me/birthday_reminder"
DAY = 24 * 3600

pytestmark = pytest.mark.usefixtures("eager_worker")


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.moment = datetime(2026, 12, 10, 5, 59, tzinfo=UTC)
    return clock


@pytest.fixture
async def grace(clock: Clock, make_person: MakePerson) -> Person:
    """Somebody in Kyiv, where it is 07:59, who wants to be told at 8."""
    grace = await make_person("grace@example.com")
    await grace.add_contact(first_name="Ada", birthday="1815-12-10")
    await grace.add_contact(first_name="Alan", birthday="--12-12")
    setting = {"days_before": [0, 1], "hour": 8, "tz": "Europe/Kyiv", "enabled": True}
    assert (await grace.put(PATH, json=setting)).status == 200
    return grace


async def look(pg: asyncpg.Connection) -> None:
    """Let a housekeeper ask for what is due, and the worker send it."""
    await service.queue_due()
    await nothing_pending(pg)


def read(mail: EmailMessage) -> str:
    return text(mail).replace("\r\n", "\n")


def click(mail: EmailMessage) -> str:
    """Return the path that a mail program POSTs to, as RFC 8058 has it."""
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    url = str(mail["List-Unsubscribe"])
    assert url.startswith("<https://contacts.example.com/")
    assert url[1:-1] in text(mail)
    return str(urlsplit(url[1:-1]).path)


async def test_days_of_somebody_who_is_told(
    client: Client, clock: Clock, grace: Person, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    await look(pg)
    assert mailbox.all() == [], "it is not 8 yet"

    for _ in range(3):
        clock.move(60)
        await look(pg)
    [first] = mailbox.all()
    assert (first["To"], first["Subject"]) == (grace.email, "A birthday is near")
    assert "Today, Thursday 10 December:\n\n    Ada turns 211\n" in read(first)

    clock.move(DAY)
    await look(pg)
    second = mailbox.all()[1]
    assert "Tomorrow, Saturday 12 December:\n\n    Alan\n" in read(second)

    form = {"List-Unsubscribe": "One-Click"}
    response = await client.post(click(second), data=form, headers={"Accept": ""})
    assert response.status == 200
    clock.move(DAY)
    await look(pg)
    assert len(mailbox.all()) == 2, "though Alan's birthday is today"


async def test_a_mail_that_waits_past_midnight_is_dropped_and_the_next_day_has_its_own(
    clock: Clock, grace: Person, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    clock.move(60)
    late = clock.moment + timedelta(hours=16)  # 00:00 in Kyiv
    await pg.execute(
        "CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$ BEGIN NEW.next_attempt_at = '{late.isoformat()}'; RETURN NEW; END $$;"
        "CREATE TRIGGER wait BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION wait()"
    )
    try:
        await service.queue_due()
    finally:
        await pg.execute("DROP FUNCTION wait CASCADE")

    clock.moment = late
    await look(pg)
    assert await pg.fetchval("SELECT status FROM outbox") == "skipped"

    clock.move(8 * 3600)
    await look(pg)
    assert ["Tomorrow" in text(mail) for mail in mailbox.all()] == [True]


async def test_who_leaves_meanwhile_leaves_no_mail_behind(
    clock: Clock, grace: Person, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.move(60)
    leaving: list[asyncio.Task[ClientResponse]] = []
    put, waited = outbox.put, asyncio.Event()

    async def put_while_leaving(*args: Any, **params: Any) -> None:
        await put(*args, **params)
        body = {"password": PASSWORD}
        leaving.append(asyncio.create_task(grace.delete("/api/users/me", json=body)))
        await until_locks_wait(pg)
        waited.set()

    monkeypatch.setattr(outbox, "put", put_while_leaving)
    await service.queue_due()

    assert waited.is_set()
    assert (await leaving[0]).status == 204
    assert await pg.fetchval("SELECT count(*) FROM outbox") == 0
