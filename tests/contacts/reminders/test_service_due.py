"""Exactly one mail a day: on the right day of every zone, whatever dies and whoever else looks."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.reminders import repository, service
from contactsvc.contacts.reminders.repository import Setting
from contactsvc.contacts.repository import ContactRepository
from contactsvc.mail import repository as outbox
from tests.contacts.reminders.support import KYIV, due
from tests.support.address_books import MakeOwner
from tests.support.clocks import Clock

MAILS = "SELECT user_id, params::jsonb ->> 'day' FROM outbox ORDER BY id"
OTHER_COLUMNS = (
    "SELECT string_agg(quote_ident(column_name), ', ') FROM information_schema.columns"
    " WHERE table_name = 'contacts' AND column_name NOT IN ('id', 'uid', 'birthday_md')"
)
MINUTE = 60

Remind = Callable[..., Awaitable[None]]


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
async def remind(
    owner: int, contacts: ContactRepository, clock: Clock, pg: asyncpg.Connection
) -> Remind:
    """Keep a setting at a moment; there is a birthday on each day of the year."""
    await contacts.add({"nickname": "Ada", "birthday": "--01-01"}, ChangedBy.API)
    columns = await pg.fetchval(OTHER_COLUMNS)
    await pg.execute(
        f"INSERT INTO contacts (birthday_md, {columns}) SELECT to_char(day, 'MMDD')::int, {columns}"
        " FROM contacts, generate_series('2000-01-02', '2000-12-31', interval '1 day') AS day"
    )

    async def keep(moment: str, **setting: Any) -> None:
        clock.moment = at(moment)
        await service.change(owner, Setting(**KYIV | setting))

    return keep


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)


async def days(pg: asyncpg.Connection) -> list[str]:
    """Return the days that have had a mail."""
    return [day for _, day in await pg.fetch(MAILS)]


async def pass_time(clock: Clock, until: str, step: float = 15 * MINUTE) -> list[str]:
    """Look for what is due again and again, and return when that brought a mail."""
    moments = []
    while clock.moment < at(until):
        clock.move(step)
        before = await outbox.depth()
        await service.queue_due()
        if (await outbox.depth()).pending > before.pending:
            moments.append(f"{clock.moment:%d %H:%M}")
    return moments


async def test_each_day_has_one_at_its_hour(
    remind: Remind, clock: Clock, pg: asyncpg.Connection
) -> None:
    await remind("2026-12-09 12:00")

    assert await pass_time(clock, "2026-12-12 12:00") == ["10 06:00", "11 06:00", "12 06:00"]
    assert await days(pg) == ["2026-12-10", "2026-12-11", "2026-12-12"]
    assert await pg.fetchval("SELECT last_sent_on FROM birthday_reminders") == date(2026, 12, 12)


@pytest.mark.parametrize(
    ("tz", "hour", "begin", "end", "moments", "told"),
    [
        # The clock goes from 02:59 to 04:00, and from 03:59 back to 03:00.
        ("Europe/Kyiv", 3, "2026-03-28", "2026-03-31", "28 01:00,29 01:00,30 00:00,31 00:00", 28),
        ("Europe/Kyiv", 3, "2026-10-24 02:00", "2026-10-27", "25 00:00,26 01:00", 25),
        # From 01:59 to 02:30, and from 01:59 back to 01:30.
        ("Australia/Lord_Howe", 2, "2026-10-02 16:00", "2026-10-04 16:00", "03 15:30,04 15:00", 4),
        ("Australia/Lord_Howe", 1, "2026-04-03 15:00", "2026-04-05 15:00", "04 14:00,05 14:30", 5),
        # From 22:59 to midnight: a mail at 00:00 would tell the birthdays of another day.
        ("America/Nuuk", 23, "2026-03-28 02:00", "2026-03-31", "29 00:00,30 00:00,31 00:00", 28),
        # The first and the last place on earth where a day begins.
        ("Pacific/Kiritimati", 0, "2026-12-30 11:00", "2027-01-01", "31 10:00", 1),
        ("Pacific/Pago_Pago", 23, "2026-12-30 11:00", "2027-01-01 12:00", "31 10:00,01 10:00", 30),
    ],
)
async def test_the_day_is_that_of_the_zone_also_where_clocks_are_changed(
    remind: Remind,
    clock: Clock,
    pg: asyncpg.Connection,
    tz: str,
    hour: int,
    begin: str,
    end: str,
    moments: str,
    told: int,
) -> None:
    await remind(begin, tz=tz, hour=hour)

    assert ",".join(await pass_time(clock, end)) == moments
    first = (await days(pg))[0]
    assert int(first[-2:]) == told
    assert len(set(await days(pg))) == len(await days(pg))


async def test_after_an_outage_today_is_told_if_it_is_still_today(
    remind: Remind, clock: Clock, pg: asyncpg.Connection
) -> None:
    await remind("2026-12-09 12:00")

    clock.moment = at("2026-12-13 20:00")  # 22:00, four days later
    await service.queue_due()
    assert await days(pg) == ["2026-12-13"]
    assert await due(pg) == "2026-12-14 06:00"

    clock.moment = at("2026-12-14 22:30")  # the 15th, before the hour
    await service.queue_due()
    assert await days(pg) == ["2026-12-13"]
    assert await due(pg) == "2026-12-15 06:00"


async def test_an_empty_day_has_none(remind: Remind, clock: Clock, pg: asyncpg.Connection) -> None:
    await pg.execute("DELETE FROM contacts WHERE birthday_md <> 1217")
    await remind("2026-12-09 12:00")

    await pass_time(clock, "2026-12-20 12:00", 60 * MINUTE)

    assert await days(pg) == ["2026-12-10", "2026-12-17"]
    assert await pg.fetchval("SELECT last_sent_on FROM birthday_reminders") == date(2026, 12, 17)


@pytest.mark.parametrize("state", ["confirmed = false", "is_active = false"])
async def test_who_may_get_none_gets_none_and_the_days_go_on(
    remind: Remind, clock: Clock, pg: asyncpg.Connection, state: str
) -> None:
    await remind("2026-12-09 12:00")
    await pg.execute(f"UPDATE users SET {state}")
    await pass_time(clock, "2026-12-10 12:00")
    assert (await days(pg), await due(pg)) == ([], "2026-12-11 06:00")

    await pg.execute("UPDATE users SET confirmed = true, is_active = true")
    await pass_time(clock, "2026-12-11 12:00")
    assert await days(pg) == ["2026-12-11"]


async def test_another_hour_or_zone_brings_no_second_mail_of_a_day(
    remind: Remind, clock: Clock, pg: asyncpg.Connection
) -> None:
    await remind("2026-12-10 05:00")
    await pass_time(clock, "2026-12-10 07:00")
    for hour, tz in ((10, "Europe/Kyiv"), (23, "Europe/Kyiv"), (23, "Pacific/Pago_Pago")):
        await service.change(await pg.fetchval("SELECT id FROM users"),
                             Setting(**KYIV | {"hour": hour, "tz": tz}))  # fmt: skip
        await pass_time(clock, f"{clock.moment + timedelta(hours=4):%Y-%m-%d %H:%M}")
    assert await days(pg) == ["2026-12-10"]


Step = Callable[..., Awaitable[Any]]


@pytest.mark.parametrize(
    ("module", "name"),
    [
        (repository, "lock_due"),
        (repository, "recipient"),
        (outbox, "put"),
        (repository, "advance"),
    ],
)
async def test_who_dies_between_two_lines_leaves_a_mail_or_none_and_never_two(
    remind: Remind,
    clock: Clock,
    pg: asyncpg.Connection,
    monkeypatch: pytest.MonkeyPatch,
    module: Any,
    name: str,
) -> None:
    await remind("2026-12-10 05:00")
    clock.moment = at("2026-12-10 06:00")
    step: Step = getattr(module, name)

    async def die(*args: Any, **kwargs: Any) -> None:
        await step(*args, **kwargs)
        raise asyncio.CancelledError

    with monkeypatch.context() as patch:
        patch.setattr(module, name, die)
        with pytest.raises(asyncio.CancelledError):
            await service.queue_due()
    assert (await days(pg), await due(pg)) == ([], "2026-12-10 06:00")

    for _ in range(2):
        await service.queue_due()
    assert await days(pg) == ["2026-12-10"]


async def test_of_two_who_see_it_due_at_once_one_asks_for_the_mail(
    remind: Remind, clock: Clock, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    await remind("2026-12-10 05:00")
    clock.moment = at("2026-12-10 06:00")
    barrier, lock = asyncio.Barrier(5), repository.lock_due

    async def lock_together(owner_id: int, moment: datetime) -> Any:
        found = await lock(owner_id, moment)
        await barrier.wait()  # all of them have looked, and none has written
        return found

    monkeypatch.setattr(repository, "lock_due", lock_together)
    await asyncio.gather(*(service.queue_due() for _ in range(5)))

    assert await days(pg) == ["2026-12-10"]


async def test_one_that_cannot_be_asked_for_keeps_no_other_back(
    remind: Remind,
    clock: Clock,
    make_owner: MakeOwner,
    pg: asyncpg.Connection,
    caplog: pytest.LogCaptureFixture,
) -> None:
    await remind("2026-12-10 05:00")
    other = await make_owner()
    await ContactRepository(other).add({"nickname": "Ada", "birthday": "--12-10"}, ChangedBy.API)
    await service.change(other, Setting(**KYIV | {"hour": 9}))
    await pg.execute("UPDATE birthday_reminders SET tz = 'Atlantis/Poseidonis' WHERE hour = 8")

    clock.moment = at("2026-12-10 07:00")
    for _ in range(2):
        await service.queue_due()

    assert [tuple(row) for row in await pg.fetch(MAILS)] == [(other, "2026-12-10")]
    assert "No reminder for user" in caplog.text


async def test_many_are_due_at_once(
    clock: Clock, pg: asyncpg.Connection, owner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(repository, "_DUE", repository._DUE.replace("LIMIT 1000", "LIMIT 3"))
    clock.moment = at("2026-12-10 05:00")
    await pg.execute(
        "INSERT INTO users (email, email_key, password_hash, confirmed, created_at, name, name_key,"
        " role, is_active, auth_version, version) SELECT n || '@x.org', n || '@x.org', '', true,"
        " now(), '', '', 'user', true, 1, 1 FROM generate_series(1, 10) n"
    )
    for (user_id,) in await pg.fetch("SELECT id FROM users WHERE email LIKE '%@x.org'"):
        contacts = ContactRepository(user_id)
        await contacts.add({"nickname": "Ada", "birthday": "--12-10"}, ChangedBy.API)
        await service.change(user_id, Setting(**KYIV))

    clock.moment = at("2026-12-10 06:00")
    await service.queue_due()

    assert len(await days(pg)) == 10
    assert await pg.fetchval("SELECT count(DISTINCT user_id) FROM outbox") == 10
