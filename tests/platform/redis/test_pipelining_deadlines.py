"""Who waits on a shared connection has the whole of the timeout, and no more."""

import asyncio

import pytest
from redis.asyncio import Redis
from redis.exceptions import TimeoutError as RedisTimeoutError

from contactsvc.platform.redis.connection import connect
from contactsvc.platform.redis.pipelining import PipelinedCommands
from tests.support.loop_clock import rounds
from tests.support.redis_server import RedisServer

HOUR = 3600.0


async def test_who_asked_half_a_second_later_waits_so_much_longer(
    redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with connect(redis_server.url, timeout=HOUR) as redis:
        assert isinstance(redis, Redis)
        commands, loop = PipelinedCommands(redis), asyncio.get_running_loop()
        await commands.mget("a", "b")
        moment = loop.time()
        monkeypatch.setattr(loop, "time", lambda: moment)
        await commands.mget("a", "b")
        moment += 0.5
        with redis_server.standing_still():
            late = asyncio.create_task(commands.mget("a", "b"))
            await rounds()
            moment += HOUR - 0.5
            await rounds()
            assert not late.done()
            moment += 0.75
            await rounds()
            assert late.done()
        with pytest.raises(RedisTimeoutError):
            await late
