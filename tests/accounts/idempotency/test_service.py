"""A claim is held while its request is worked on, and let go of with it."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.idempotency import repository, service
from contactsvc.accounts.idempotency.repository import Claim, KeptAnswer, claim
from contactsvc.accounts.idempotency.service import held, in_turn
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import is_open, transaction
from tests.support.waiting import until

ANSWER = KeptAnswer(201, {}, b"{}")
LEASE_OVER = "UPDATE idempotency_keys SET expires_at = now() - interval '1 second'"
IS_RENEWED = "SELECT expires_at > now() FROM idempotency_keys"


@pytest.fixture
async def mine(owner: int) -> Claim:
    mine = await claim(owner, "k", "r")
    assert isinstance(mine, Claim)
    return mine


async def test_its_lease_is_renewed_until_it_is_answered(
    mine: Claim, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "RENEW_INTERVAL", 0.01)
    async with held(mine) as hold:
        for _ in range(2):
            await pg.execute(LEASE_OVER)
            await until(lambda: pg.fetchval(IS_RENEWED))
        await hold.keep(ANSWER)
        assert hold._renewing.done()
    assert await claim(mine.owner_id, "k", "r") == ANSWER


async def test_what_is_not_answered_is_let_go_of(mine: Claim, owner: int) -> None:
    async with held(mine) as hold:
        pass
    assert hold._renewing.done()
    assert isinstance(await claim(owner, "k", "r"), Claim)


@pytest.mark.parametrize("error", [ZeroDivisionError, asyncio.CancelledError])
async def test_so_is_what_fails_with_its_transaction(
    mine: Claim, owner: int, error: type[BaseException]
) -> None:
    async def fail() -> None:
        async with held(mine) as hold, transaction():
            await hold.keep(ANSWER)
            raise error

    with pytest.raises(error):
        await fail()
    assert isinstance(await claim(owner, "k", "r"), Claim)


async def test_what_fails_after_its_answer_stays_answered(mine: Claim, owner: int) -> None:
    async def fail() -> None:
        async with held(mine) as hold:
            await hold.keep(ANSWER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    assert await claim(owner, "k", "r") == ANSWER


async def test_transactions_of_one_user_take_turns(owner: int) -> None:
    inside: list[int] = []
    moment = now()

    async def work(user_id: int) -> None:
        async with in_turn(user_id):
            assert is_open()
            assert user_id not in inside
            inside.append(user_id)
            await repository.purge(moment)  # others may run meanwhile
            inside.remove(user_id)

    await asyncio.gather(*(work(user_id) for user_id in (owner, owner + 1) * 4))
    assert len(service._TURNS) == 0
