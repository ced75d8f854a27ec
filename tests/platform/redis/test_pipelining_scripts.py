"""Scripts on a shared connection, more of them at once than the library has connections for."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
from redis.asyncio import Redis
from redis.exceptions import MaxConnectionsError, ResponseError

from contactsvc.platform.errors import RateLimited
from contactsvc.platform.redis.connection import connect
from contactsvc.platform.redis.pipelining import Commands, PipelinedCommands, commands_of
from contactsvc.platform.redis.throttle import Policy, Throttle
from tests.support.fault_proxy import FaultProxy
from tests.support.redis_server import REDIS_SERVER, RedisServer
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.process

ADD = "return {redis.call('INCRBY', KEYS[1], ARGV[1]), ARGV[2]}"

AT_ONCE = 256
"""More than the hundred connections of redis-py's pool."""


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed")
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture(params=[2, 3])
async def redis(server: RedisServer, request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    """A client that speaks either of the two protocols."""
    async with connect(f"{server.url}?protocol={request.param}", PATIENCE) as redis:
        assert isinstance(redis, Redis)
        await redis.flushall()
        await redis.script_flush()
        yield redis


async def added(commands: Commands, number: int) -> list[Any]:
    """Run a script so many times at once, with an argument of its own each; return the answers."""
    add = commands.script(ADD)
    return await asyncio.gather(*(add(["n"], [1, f"é{n}"]) for n in range(number)))


def right(answers: list[Any]) -> bool:
    """Return whether each has its own argument, and nobody was counted twice."""
    own = [answer[1].decode() for answer in answers] == [f"é{n}" for n in range(len(answers))]
    return own and {answer[0] for answer in answers} == set(range(1, len(answers) + 1))


async def test_the_library_refuses_so_many_at_once(redis: Redis) -> None:
    add = Commands(redis).script(ADD)
    runs = (add(["n"], [1, ""]) for _ in range(AT_ONCE))
    answers = await asyncio.gather(*runs, return_exceptions=True)
    assert MaxConnectionsError in {type(answer) for answer in answers}


async def test_so_many_at_once_are_answered(redis: Redis) -> None:
    """None of them is known to the server when the first is sent."""
    commands = commands_of(redis)
    assert right(await added(commands, AT_ONCE))
    await asyncio.gather(*(commands.delete("n", "other") for _ in range(AT_ONCE)))
    assert right(await added(commands, AT_ONCE))


async def test_a_server_that_has_forgotten_a_script_is_told_it_again(redis: Redis) -> None:
    commands: Any = commands_of(redis)
    assert await added(commands, 1)
    line = commands._line
    await redis.script_flush()
    assert await added(commands, 1) == [[2, "é0".encode()]]
    assert commands._line is line, "the connection is kept"


async def test_so_many_are_sent_again_where_the_connection_was_lost(server: RedisServer) -> None:
    async with (
        FaultProxy(("127.0.0.1", server.port)) as proxy,
        connect(f"redis://127.0.0.1:{proxy.port}", PATIENCE) as redis,
    ):
        assert isinstance(redis, Redis)
        await redis.flushall()
        commands = PipelinedCommands(redis)
        assert await added(commands, 1)
        with server.standing_still():
            under_way = asyncio.create_task(added(commands, AT_ONCE))
            gone = [asyncio.create_task(commands.delete("other")) for _ in range(AT_ONCE)]
            await asyncio.sleep(0)
            proxy.drop()
            await asyncio.sleep(0)
        assert {answer[1] for answer in await under_way} == {f"é{n}".encode() for n in range(256)}
        await asyncio.gather(*gone)


async def test_so_many_hits_at_once_count_in_redis(redis: Redis) -> None:
    """Where Redis counts as away, half of them are allowed."""
    throttle = Throttle({Policy.LOGIN_ADDRESS: f"{AT_ONCE}/hour"}, redis, PATIENCE)
    await asyncio.gather(*(throttle.hit(Policy.LOGIN_ADDRESS, "a") for _ in range(AT_ONCE)))
    with pytest.raises(RateLimited):
        await throttle.hit(Policy.LOGIN_ADDRESS, "a")


async def test_an_error_of_a_script_is_the_librarys(redis: Redis) -> None:
    commands = commands_of(redis)
    await redis.set("n", "text")
    for _ in range(2):
        with pytest.raises(ResponseError, match="not an integer"):
            await added(commands, 1)
    await redis.delete("n")
    assert right(await added(commands, 2))


async def test_an_answer_that_is_no_pair_is_nobodys(redis: Redis) -> None:
    commands: Any = PipelinedCommands(redis)
    await redis.mset({"a": 1, "b": 2})
    assert await commands.mget("a", "b") == (b"1", b"2")
    line = commands._line
    line._transport.write(b"STRLEN a\r\n")  # answered before what is asked next
    assert await commands.mget("a", "b") == (b"1", b"2")
    assert not line.is_open


async def test_one_server_has_one_connection_and_a_cluster_the_library() -> None:
    assert isinstance(commands_of(connect("redis://127.0.0.1:1")), PipelinedCommands)
    assert type(commands_of(connect("redis+cluster://127.0.0.1:1"))) is Commands


async def test_the_embedded_one_is_asked_by_the_library() -> None:
    commands = commands_of(connect(None))
    assert not isinstance(commands, PipelinedCommands)
    commands.drop()
    assert await commands.mget("n", "other") == (None, None)
    assert right(await added(commands, 2))
    await commands.delete("n")
    assert right(await added(commands, 2))
