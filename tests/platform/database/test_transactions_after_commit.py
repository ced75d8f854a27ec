"""What follows a commit: after it, in order, and never where there was none."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import asyncpg
import pytest

from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.database.transactions import (
    RolledBack,
    after_commit,
    savepoint,
    transaction,
)
from contactsvc.platform.errors import Unavailable
from tests.support.database import KILL
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.usefixtures("orm")


class Called(list[str]):
    """What was called after a commit."""

    def register(self, name: str) -> None:
        after_commit(lambda: self.append(name))


@pytest.fixture
def called() -> Called:
    return Called()


async def write(recipient: str) -> None:
    await outbox.put(MailKind.REGISTRATION, recipient)


async def fail() -> None:
    async with transaction():
        raise ZeroDivisionError


async def written(pg: asyncpg.Connection) -> list[str]:
    """Return what others see."""
    return [row["recipient"] for row in await pg.fetch("SELECT recipient FROM outbox ORDER BY id")]


async def test_all_is_called_in_order_after_the_outermost_commit(called: Called) -> None:
    async with transaction():
        called.register("a")
        async with transaction():
            called.register("b")
        async with savepoint():
            called.register("c")
        called.register("d")
        assert called == []
    assert called == ["a", "b", "c", "d"]


async def test_it_is_called_at_once_where_no_transaction_is_open(called: Called) -> None:
    called.register("a")
    assert called == ["a"]
    async with transaction():
        after_commit(lambda: called.register("b"))
    assert called == ["a", "b"], "what is called is outside of the transaction"


async def test_nothing_is_called_after_a_rollback(called: Called) -> None:

    async def work(scope: Callable[[], AbstractAsyncContextManager[None]], name: str) -> None:
        async with scope():
            called.register(name)
            await fail()

    async def catch_it() -> None:
        async with transaction():
            called.register("b")
            with pytest.raises(ZeroDivisionError):
                await fail()

    with pytest.raises(ZeroDivisionError):
        await work(transaction, "a")
    with pytest.raises(RolledBack):
        await catch_it()
    async with transaction():
        called.register("c")
        with pytest.raises(ZeroDivisionError):
            await work(savepoint, "d")
    assert called == ["c"]


async def test_one_that_fails_is_logged_and_hides_nothing(
    called: Called, pg: asyncpg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    def fail_afterwards() -> None:
        raise ZeroDivisionError

    async with transaction():
        await write("a")
        after_commit(fail_afterwards)
        called.register("b")
    assert (await written(pg), called) == (["a"], ["b"])
    assert "ZeroDivisionError" in caplog.text
    after_commit(fail_afterwards)  # nor where it is called at once


async def test_a_connection_that_is_lost_at_the_commit_calls_nothing(
    called: Called, pg: asyncpg.Connection
) -> None:
    async def change() -> None:
        async with transaction():
            await write("a")
            called.register("a")
            await pg.execute(KILL)

    with pytest.raises(Unavailable):
        await change()
    assert (await written(pg), called) == ([], [])


async def test_tasks_at_once_have_what_is_their_own(called: Called, pg: asyncpg.Connection) -> None:
    both = asyncio.Barrier(2)

    async def change(name: str, error: type[Exception] | None) -> None:
        async with transaction():
            await write(name)
            called.register(name)
            await both.wait()  # both are in the middle of it
            assert called == []
            if error:
                raise error

    async with asyncio.timeout(PATIENCE):
        changes = change("a", None), change("b", ZeroDivisionError)
        outcomes = await asyncio.gather(*changes, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [type(None), ZeroDivisionError]
    assert (await written(pg), called) == (["a"], ["a"])


async def join(name: str) -> None:
    async with transaction():
        await write(name)


@pytest.mark.parametrize("work", [write, join], ids=["alone", "transaction"])
async def test_a_task_that_is_begun_inside_works_outside(
    called: Called, pg: asyncpg.Connection, work: Callable[[str], Awaitable[None]]
) -> None:
    go_on = asyncio.Event()

    async def follow(name: str) -> None:
        await work(name)
        called.register(name)

    async def follow_later(name: str) -> None:
        await go_on.wait()
        await follow(name)

    async def begin_both() -> None:
        async with transaction():
            await write("a")
            begun.append(asyncio.create_task(follow_later("c")))
            await asyncio.create_task(follow("b"))
            assert (await written(pg), called) == (["b"], ["b"])
            await fail()

    begun: list[asyncio.Task[None]] = []
    with pytest.raises(ZeroDivisionError):
        await begin_both()
    go_on.set()
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*begun)
    assert (await written(pg), called) == (["b", "c"], ["b", "c"])
