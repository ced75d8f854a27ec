"""A shared connection: everybody gets their own answer, whatever happens to the others."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
import trustme
from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoPermissionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from contactsvc.platform.redis.connection import connect
from contactsvc.platform.redis.pipelining import PipelinedCommands, _LineLost
from tests.support.fault_proxy import FaultProxy
from tests.support.loop_clock import LoopClock, rounds
from tests.support.ports import free_port
from tests.support.redis_server import REDIS_SERVER, RedisServer
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.process

VALUES = {"empty": b"", "lines": b"\r\n*2\r\n$-1\r\n", "long": bytes(range(256)) * 5000}


@pytest.fixture(scope="module")
def module_server() -> Iterator[RedisServer]:
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed")
    server = RedisServer()
    yield server
    server.kill()


@pytest.fixture
async def admin(module_server: RedisServer) -> AsyncIterator[Any]:
    """Somebody who sets keys, and sees who is connected."""
    client: Any = Redis.from_url(module_server.url)
    async with client as admin:
        await admin.flushall()
        await admin.mset({f"key{number}": number for number in range(500)})
        yield admin
        await admin.execute_command("ACL", "SETUSER", "default", "+mget")


@pytest.fixture
def server(module_server: RedisServer, admin: Any) -> RedisServer:
    return module_server


@pytest.fixture(params=[2, 3])
async def redis(server: RedisServer, request: pytest.FixtureRequest) -> AsyncIterator[Redis]:
    """A client that speaks either of the two protocols."""
    redis = connect(f"{server.url}?protocol={request.param}", PATIENCE)
    assert isinstance(redis, Redis)
    yield redis
    async with asyncio.timeout(PATIENCE / 2):  # it is not waited for what never comes
        await redis.aclose()


@pytest.fixture
def commands(redis: Redis) -> PipelinedCommands:
    return PipelinedCommands(redis)


async def right(commands: PipelinedCommands, number: int) -> bool:
    """Return whether two keys have the values that they were given."""
    found = await commands.mget(f"key{number}", f"key{number + 1}")
    return found == (b"%d" % number, b"%d" % (number + 1))


async def connections(admin: Any) -> int:
    """Return how many connections there are beside the administrator's."""
    return len(await admin.client_list()) - 1


async def asked(commands: PipelinedCommands, number: int) -> list["asyncio.Task[bool]"]:
    """Begin so many reads, and return when all of them have been sent."""
    tasks = [asyncio.create_task(right(commands, each)) for each in range(number)]
    await asyncio.sleep(0)
    return tasks


async def test_values_are_read_as_they_are(commands: PipelinedCommands, admin: Any) -> None:
    await admin.mset(VALUES)
    assert await right(commands, 0)
    line = commands._line
    for name, value in VALUES.items():
        assert await commands.mget(name, "missing") == (value, None)
        assert await commands.mget("missing", name) == (None, value)
    assert await commands.mget("missing", "missing") == (None, None)
    assert commands._line is line, "the library has not had to help"


async def test_many_at_once_share_one_connection(commands: PipelinedCommands, admin: Any) -> None:
    assert all(await asyncio.gather(*(right(commands, number) for number in range(499))))
    assert await connections(admin) == 1


async def test_it_is_reached_as_the_url_says(tmp_path: Path) -> None:
    """By TLS, and through a Unix socket, with a password and another database."""
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed")
    authority, port, socket = trustme.CA(), free_port(), tmp_path / "redis.sock"
    certificate = authority.issue_cert("127.0.0.1")
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    certificate.private_key_and_cert_chain_pem.write_to_path(tmp_path / "server.pem")
    tls = {"cert": "server.pem", "key": "server.pem", "ca-cert": "ca.pem"}
    files = [word for k, v in tls.items() for word in (f"--tls-{k}-file", str(tmp_path / v))]
    files += ["--tls-auth-clients", "no", "--tls-port", str(port), "--unixsocket", str(socket)]
    server = RedisServer(*files)
    other: Any = Redis.from_url(f"{server.url}?db=3")
    async with other as admin:
        await admin.set("key0", 0)
        await admin.execute_command("ACL", "SETUSER", "me", "on", ">secret", "~*", "+@all")
    for url in (
        f"rediss://me:secret@127.0.0.1:{port}/3?ssl_ca_certs={tmp_path / 'ca.pem'}",
        f"unix://me:secret@{socket}?db=3",
    ):
        async with connect(url, PATIENCE) as redis:
            assert isinstance(redis, Redis)
            assert await PipelinedCommands(redis).mget("key0", "missing") == (b"0", None)
    server.kill()


async def test_who_is_cancelled_leaves_no_answer_to_others(
    commands: PipelinedCommands, server: RedisServer
) -> None:
    """Commands have been sent and are answered only after those who asked have gone."""
    assert await right(commands, 0)
    with server.standing_still():
        first = await asked(commands, 10)
        for task in first[::2]:
            task.cancel()
        await asyncio.wait(first[::2])
        second = await asked(commands, 20)
    assert all(await asyncio.gather(*first[1::2], *second))
    assert all(task.cancelled() for task in first[::2])


async def test_who_is_cancelled_while_it_connects_stops_no_others(
    commands: PipelinedCommands, server: RedisServer
) -> None:
    with server.standing_still():
        tasks = await asked(commands, 10)
        tasks[0].cancel()
        await asyncio.wait(tasks[:1])
    assert all(await asyncio.gather(*tasks[1:]))


async def test_a_late_answer_is_nobodys(server: RedisServer) -> None:
    async with connect(server.url, timeout=0.2) as redis:
        assert isinstance(redis, Redis)
        commands = PipelinedCommands(redis)
        await until(lambda: _in_time(commands))
        with server.standing_still():
            found = await asyncio.gather(
                *(right(commands, number) for number in range(10)), return_exceptions=True
            )
            assert {type(each) for each in found} == {RedisTimeoutError}
        await until(lambda: _in_time(commands))


async def test_a_late_answer_ends_its_connection(server: RedisServer) -> None:
    """Those who ask on it have each their own time, and all are told as soon as one is late."""
    hour = 3600.0
    async with connect(server.url, timeout=hour) as redis:
        assert isinstance(redis, Redis)
        commands = PipelinedCommands(redis)
        clock = LoopClock()
        for _ in range(2):
            clock.move(1.5 * hour)  # nobody waits meanwhile
            await rounds()
            assert await right(commands, 0)
        line: Any = commands._line
        clock.move(0.5 * hour)
        with server.standing_still():
            tasks = await asked(commands, 1)
            clock.move(0.25 * hour)
            tasks += await asked(commands, 1)
            for waited in (0.5, 0.75):  # since the first was asked
                clock.move(0.25 * hour)
                await rounds()
                assert not any(task.done() for task in tasks), waited
            clock.move(0.3 * hour)
            found = await asyncio.gather(*tasks, return_exceptions=True)
        assert {type(each) for each in found} == {RedisTimeoutError}
        assert line._transport.is_closing()
        clock.move(2 * hour)
        await rounds()
        assert await right(commands, 7)
        assert commands._line is not line


async def _in_time(commands: PipelinedCommands) -> bool:
    """Return whether Redis answers in time; assert that it does so rightly."""
    try:
        assert await right(commands, 7)
    except RedisTimeoutError:  # a busy machine
        return False
    return True


async def test_a_connection_that_was_lost_is_replaced(redis_server: RedisServer) -> None:
    async with connect(redis_server.url, PATIENCE) as redis:
        assert isinstance(redis, Redis)
        commands = PipelinedCommands(redis)
        await commands.mget("a", "b")
        redis_server.kill()
        with pytest.raises(RedisConnectionError):
            await commands.mget("a", "b")
        redis_server.start()
        await redis.set("a", "new")
        assert await commands.mget("a", "b") == (b"new", None)


async def test_what_was_under_way_on_it_is_asked_again(server: RedisServer) -> None:
    async with (
        FaultProxy(("127.0.0.1", server.port)) as proxy,
        connect(f"redis://127.0.0.1:{proxy.port}", PATIENCE) as redis,
    ):
        assert isinstance(redis, Redis)
        commands = PipelinedCommands(redis)
        assert await right(commands, 0)
        with server.standing_still():
            tasks = await asked(commands, 10)
            proxy.drop()
            await asyncio.sleep(0)
        assert all(await asyncio.gather(*tasks))


async def test_an_error_is_the_librarys(commands: PipelinedCommands, admin: Any) -> None:
    assert await right(commands, 0)
    await admin.execute_command("ACL", "SETUSER", "default", "-mget")
    for _ in range(2):
        with pytest.raises(NoPermissionError):
            await commands.mget("key0", "key1")
    await admin.execute_command("ACL", "SETUSER", "default", "+mget")
    assert await right(commands, 0)


@pytest.mark.parametrize("unasked", ["message", "answer"])
async def test_what_nobody_asked_for_is_nobodys(
    server: RedisServer, admin: Any, unasked: str, caplog: pytest.LogCaptureFixture
) -> None:
    async with connect(server.url, PATIENCE) as redis:
        assert isinstance(redis, Redis)
        commands: Any = PipelinedCommands(redis)
        listen: Any = redis.execute_command
        await listen("CLIENT", "TRACKING", "ON", "BCAST")
        assert await right(commands, 0)
        if unasked == "message":
            await admin.set("key0", 0)  # the connection is told
        else:
            commands._line._transport.write(b"MGET key5 key6\r\n")
        await until(lambda: _is_lost(commands))
        assert await right(commands, 0)
    assert not caplog.messages


def _is_lost(commands: PipelinedCommands) -> bool:
    return commands._line is not None and not commands._line.is_open


async def test_another_connection_is_used_after_a_drop(
    commands: PipelinedCommands, server: RedisServer
) -> None:
    commands.drop()
    assert await right(commands, 0)
    first: Any = commands._line
    with server.standing_still():
        tasks = await asked(commands, 10)
        commands.drop()
    with pytest.raises(_LineLost):
        first.send(b"PING")
    assert all(await asyncio.gather(*tasks))
    assert await right(commands, 0)
    assert commands._line is not first


async def test_no_connection_is_left_open(server: RedisServer, admin: Any) -> None:
    async with connect(f"{server.url}?max_connections=1", PATIENCE) as redis:
        assert isinstance(redis, Redis)
        commands = PipelinedCommands(redis)
        for _ in range(5):
            assert await right(commands, 0)
            commands.drop()
        assert await right(commands, 0)
    await until(lambda: _nobody(admin))


async def _nobody(admin: Any) -> bool:
    return await connections(admin) == 0
