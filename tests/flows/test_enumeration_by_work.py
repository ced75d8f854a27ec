"""Nor does it take longer where there is an account: the same work is done for every e-mail."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from passlib.context import CryptContext
from redis.asyncio import Redis

from tests.conftest import MakeClient
from tests.flows.test_enumeration import KINDS, email_of, every_call, make_accounts
from tests.support.redis_server import RedisServer
from tests.support.work import statements_of_requests

NOT_OF_REQUESTS = frozenset(
    {"auth", "client|setinfo", "config|resetstat", "flushdb", "hello", "info", "ping", "select"}
)
"""Commands of the test, and those that a connection begins with or is kept alive by."""


@pytest.fixture
def hashes(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was done with argon2, which takes longer than all the rest of a request."""
    done: list[str] = []
    for name in ("hash", "verify"):
        real: Callable[..., Any] = getattr(CryptContext, name)

        def count(self: CryptContext, *args: str, name: str = name, real: Any = real) -> Any:
            done.append(name)
            return real(self, *args)

        monkeypatch.setattr(CryptContext, name, count)
    return done


async def commands(redis: Redis) -> dict[str, int]:
    """Return how often each command has been used since the last reset, scripts included."""
    stats = await redis.info("commandstats")
    counts = {name.removeprefix("cmdstat_"): stat["calls"] for name, stat in stats.items()}
    return {name: count for name, count in counts.items() if name not in NOT_OF_REQUESTS}


@every_call
async def test_no_kind_of_account_takes_more_work(
    make_client: MakeClient,
    pg: asyncpg.Connection,
    redis_server: RedisServer,
    hashes: list[str],
    path: str,
    more: dict[str, str],
) -> None:
    """What is done for one is done for all, so that none takes longer."""
    client = await make_client(redis_url=redis_server.url)
    await make_accounts(client, pg)
    # While a registration waits there is one more hash, and one waits for the unconfirmed.
    await pg.execute("DELETE FROM registrations")
    work = {}
    async with Redis.from_url(redis_server.url) as redis:
        for kind in KINDS:
            await redis.flushdb()
            await redis.config_resetstat()
            hashes.clear()
            with statements_of_requests() as statements:
                await (await client.post(path, json={"email": email_of(kind)} | more)).read()
            work[kind] = (statements.copy(), hashes.copy(), await commands(redis))

    assert len(set(map(str, work.values()))) == 1, work
    assert work["unknown"][2], "it has been counted"
