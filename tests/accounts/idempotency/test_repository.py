"""A key is worked on by one at a time, and what was answered is found for a day."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.idempotency import repository
from contactsvc.accounts.idempotency.repository import LEASE, TTL, Claim, KeptAnswer, claim
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import (
    Conflict,
    IdempotencyKeyReused,
    RateLimited,
    Unauthenticated,
)
from tests.support.address_books import MakeOwner
from tests.support.clocks import Clock
from tests.support.locks import race

ANSWER = KeptAnswer(201, {"Location": "/7", "ETag": '"1"'}, b'{"id": 7}')
ALL = "SELECT * FROM idempotency_keys"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def begin(owner: int, key: str = "k", request: str = "r") -> Claim:
    mine = await claim(owner, key, request)
    assert isinstance(mine, Claim)
    return mine


async def test_an_answer_is_kept_for_a_day_for_that_user(
    owner: int, make_owner: MakeOwner, clock: Clock, pg: asyncpg.Connection
) -> None:
    await repository.keep(await begin(owner, "my-secret-key"), ANSWER)

    assert await claim(owner, "my-secret-key", "r") == ANSWER
    await begin(await make_owner(), "my-secret-key")
    assert "my-secret-key" not in str(await pg.fetch(ALL))
    clock.move(TTL - 1)
    assert await claim(owner, "my-secret-key", "r") == ANSWER
    clock.move(1)
    await begin(owner, "my-secret-key", "another request")


async def test_meanwhile_others_are_told_so(owner: int, clock: Clock) -> None:
    mine = await begin(owner)
    for _ in range(3):
        clock.move(LEASE - 1)
        with pytest.raises(Conflict):
            await claim(owner, "k", "r")
        with pytest.raises(IdempotencyKeyReused):
            await claim(owner, "k", "another request")
        await repository.renew(mine)
    await repository.release(mine)
    await repository.keep(await begin(owner, request="another request"), ANSWER)
    with pytest.raises(IdempotencyKeyReused):
        await claim(owner, "k", "r")


async def test_a_claim_of_the_dead_is_taken_over_and_can_answer_no_more(
    owner: int, clock: Clock
) -> None:
    dead = await begin(owner)
    clock.move(LEASE)
    heir = await begin(owner)

    with pytest.raises(Conflict):
        await repository.keep(dead, ANSWER)
    await repository.release(dead)
    with pytest.raises(Conflict):
        await claim(owner, "k", "r")
    await repository.keep(heir, ANSWER)
    await repository.release(heir)
    assert await claim(owner, "k", "r") == ANSWER


async def test_an_answer_goes_with_the_transaction_that_it_is_kept_in(owner: int) -> None:
    mine = await begin(owner)

    async def fail() -> None:
        async with transaction():
            await repository.keep(mine, ANSWER)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await repository.release(mine)
    await begin(owner)


async def test_of_many_at_once_one_has_the_key(
    owner: int, postgres_url: str, pg: asyncpg.Connection
) -> None:
    old = await begin(owner)
    await pg.execute("UPDATE idempotency_keys SET expires_at = now() - interval '1 second'")
    held = "SELECT FROM idempotency_keys FOR UPDATE"

    outcomes = await race(pg, postgres_url, held, *(claim(owner, "k", "r") for _ in range(4)))

    (heir,) = [each for each in outcomes if isinstance(each, Claim)]
    assert heir.token != old.token
    assert [type(each) for each in outcomes if each is not heir] == [Conflict] * 3
    outcomes = await asyncio.gather(
        *(claim(owner, "new", "r") for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(each, Claim) for each in outcomes) == 1
    assert sum(isinstance(each, Conflict) for each in outcomes) == 19


@pytest.mark.parametrize(("limit", "value"), [("MAX_KEYS", 1), ("MAX_BYTES", len(ANSWER.body))])
async def test_of_each_user_so_much_is_kept(
    owner: int,
    make_owner: MakeOwner,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
    limit: str,
    value: int,
) -> None:
    monkeypatch.setattr(repository, limit, value)
    await repository.keep(await begin(owner), ANSWER)
    clock.move(60)
    with pytest.raises(RateLimited) as error:
        await claim(owner, "one more", "r")
    assert error.value.retry_after == TTL - 60
    assert await claim(owner, "k", "r") == ANSWER
    await begin(await make_owner())
    clock.move(TTL - 60)
    await begin(owner, "one more")


async def test_who_has_just_left_is_nobody(owner: int, pg: asyncpg.Connection) -> None:
    await pg.execute("DELETE FROM users WHERE id = $1", owner)
    with pytest.raises(Unauthenticated):
        await claim(owner, "k", "r")


async def test_what_has_had_its_time_is_removed(
    owner: int, clock: Clock, pg: asyncpg.Connection
) -> None:
    await repository.keep(await begin(owner, "answered"), ANSWER)
    dead = await begin(owner, "dead")
    assert await repository.purge(clock.now()) == 0
    clock.move(LEASE + 1)
    assert await repository.purge(clock.now()) == 1
    assert dead.id not in {row["id"] for row in await pg.fetch(ALL)}
    clock.move(TTL)
    assert await repository.purge(clock.now()) == 1
