"""Several repositories' writes happen together, or not at all; savepoints are the exception."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import RolledBack, savepoint, transaction

pytestmark = pytest.mark.usefixtures("orm")


async def write(recipient: str) -> None:
    """Write by two repositories."""
    await outbox.put(MailKind.REGISTRATION, recipient)
    await record(Event.USER_CREATED, Caller(request_id=recipient))


async def write_and_fail(recipient: str) -> None:
    async with transaction():
        await write(recipient)
        raise ZeroDivisionError


async def write_whatever_fails(*recipients: str) -> None:
    """Write the last one in a part whose error is caught."""
    *others, last = recipients
    for each in others:
        await write(each)
    with pytest.raises(ZeroDivisionError):
        await write_and_fail(last)


async def written(pg: asyncpg.Connection) -> tuple[list[str], list[str]]:
    """Return what others see of both."""
    mails = await pg.fetch("SELECT recipient FROM outbox ORDER BY id")
    events = await pg.fetch("SELECT request_id FROM audit_events ORDER BY id")
    return [row["recipient"] for row in mails], [row["request_id"] for row in events]


async def test_others_see_all_at_once(pg: asyncpg.Connection) -> None:
    async with transaction():
        await write("a")
        assert await written(pg) == ([], [])
    assert await written(pg) == (["a"], ["a"])


async def test_an_error_leaves_nothing(pg: asyncpg.Connection) -> None:
    with pytest.raises(ZeroDivisionError):
        await write_and_fail("a")
    assert await written(pg) == ([], [])


async def test_who_goes_away_leaves_nothing_and_no_lock(pg: asyncpg.Connection) -> None:
    begun, never = asyncio.Event(), asyncio.Event()

    async def change() -> None:
        async with transaction():
            await write("a")
            begun.set()
            await never.wait()

    for _ in range(6):  # one more than there are connections
        begun.clear()
        task = asyncio.create_task(change())
        await begun.wait()
        task.cancel()
        await asyncio.wait({task})
        assert task.cancelled()
    await write("b")
    assert await written(pg) == (["b"], ["b"])


async def test_what_joins_is_taken_back_with_the_whole(pg: asyncpg.Connection) -> None:
    """Half of it must not be committed because somebody has caught the error."""

    async def work() -> None:
        async with transaction():
            await write_whatever_fails("a", "b")
            await write("c")

    with pytest.raises(RolledBack) as raised:
        await work()
    assert isinstance(raised.value.__cause__, ZeroDivisionError)
    assert await written(pg) == ([], [])


async def test_a_savepoint_takes_back_its_own_part_alone(pg: asyncpg.Connection) -> None:
    async with transaction():
        await write("a")
        with pytest.raises(ZeroDivisionError):
            async with savepoint():
                await write_and_fail("b")
        async with savepoint():
            await write("c")
        assert await written(pg) == ([], [])
    assert await written(pg) == (["a", "c"], ["a", "c"])


async def test_a_savepoint_is_left_whole_or_not_at_all(pg: asyncpg.Connection) -> None:

    async def part() -> None:
        async with savepoint():
            await write_whatever_fails("b", "c")

    async with transaction():
        await write("a")
        with pytest.raises(RolledBack):
            await part()
    assert await written(pg) == (["a"], ["a"])


async def test_an_error_outside_takes_back_what_was_done_inside(pg: asyncpg.Connection) -> None:
    async def fail_afterwards() -> None:
        async with transaction():
            async with transaction():
                await write("a")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_afterwards()
    assert await written(pg) == ([], [])
