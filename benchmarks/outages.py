"""Measures what is promised in seconds when a part of the installation goes away.

``make bench-outages`` starts a PostgreSQL, several Redis and the service, all of its own, takes one
part after the other away, prints what was measured beside what docs/reference/outages.rst promises,
and exits 1 where a promise was not kept. On a machine that is busy otherwise that says little.
``python -m benchmarks.outages --only postgresql redis`` measures these parts alone.
"""

import argparse
import asyncio
import os
import signal
import statistics
import sys
import tempfile
from collections.abc import Callable, Collection
from functools import partial
from pathlib import Path
from typing import Any, Final

import asyncpg
from aiohttp import ClientSession

from benchmarks.installation import (
    BACK,
    POOL,
    TOLD,
    Installation,
    credentials,
    redis_is_used,
    service,
    sign_up,
)
from benchmarks.promises import Broken, Call, Report, session, slowest, timed, until
from contactsvc.platform.settings import Settings
from tests.support.fault_proxy import FaultProxy
from tests.support.load_balancer import POLL, Balancer
from tests.support.postgres_server import PostgresServer, postgres_server
from tests.support.redis_cluster import RedisCluster
from tests.support.redis_sentinel import RedisSentinel
from tests.support.redis_server import RedisServer
from tests.support.service_process import Service

OF_ONE: Final = ("mail", "postgresql", "redis", "flood")
APART: Final = ("embedded", "sentinel", "cluster", "rolling_restart")

SLOWER = 2.0
"""Seconds that a call may take while Redis does not answer."""

FLOOD = 200
CLIENTS = 8


async def mail(here: Installation) -> None:
    """The mail server takes connections and says nothing."""
    async with here.report.part("mail server silent"):
        calls = [
            partial(here.http.post, "/api/auth/register", json=credentials(f"new{number}"))
            for number in range(3)
        ]
        taken = max([await timed(call, 201) for call in calls])
        here.report.add("mail server silent: registration", taken, 1.0)


async def postgresql(here: Installation) -> None:
    """PostgreSQL is stopped, silent, silent with Redis, or has no free connection."""
    async with here.report.part("PostgreSQL stopped"):
        await asyncio.to_thread(here.server.stop)
        await here.away("PostgreSQL stopped")
        await asyncio.to_thread(here.server.start)
        await here.back("PostgreSQL stopped")
    async with here.report.part("PostgreSQL silent"):
        here.to_postgres.blackhole()
        await here.away("PostgreSQL silent")
        await here.to_postgres.mend()
        await here.back("PostgreSQL silent")
    async with here.report.part("PostgreSQL and Redis silent"):
        here.to_postgres.blackhole()
        here.to_redis.blackhole()
        await here.away("PostgreSQL and Redis silent")
        await here.to_postgres.mend()
        await here.to_redis.mend()
        await here.back("PostgreSQL and Redis silent")
    async with here.report.part("all connections in use"):
        await exhausted_pool(here)


async def exhausted_pool(here: Installation) -> None:
    """Every connection waits for a row that somebody else has locked."""
    await until(partial(redis_is_used, here.http))
    contact = await (await here.calls["write"]()).json()
    change = partial(here.http.patch, f"/api/contacts/{contact['id']}", json={"notes": "x"})
    pg = await asyncpg.connect(here.server.url)
    locks = "SELECT count(*) FROM pg_locks WHERE NOT granted"

    async def held() -> bool:
        return bool(await pg.fetchval(locks) >= POOL)

    try:
        async with pg.transaction():
            await pg.execute("SELECT 1 FROM contacts FOR UPDATE")
            holding = [asyncio.create_task(persist(change)) for _ in range(POOL)]
            await until(held)
            told = await slowest([here.calls["read"]] * 5, 503)
            here.report.add("all connections in use: 503", told, TOLD)
        await asyncio.gather(*holding)
        await here.back("all connections in use")
    finally:
        await pg.close()


async def persist(call: Call) -> None:
    """Repeat a call that finds no free connection, since the service uses some itself."""
    while (await call()).status == 503:
        pass


async def embedded(report: Report) -> None:
    """The service's own PostgreSQL is killed under it."""
    async with report.part("embedded PostgreSQL"):
        with tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
            one = Service(Path(folder))
            await one.start()
            try:
                async with session(one.url) as http:
                    check = partial(http.get, "/api/healthchecker")
                    os.kill(one.postgres_pid(), signal.SIGKILL)
                    told = await timed(check, 503)
                    report.add("embedded PostgreSQL killed: 503", told, TOLD)

                    async def well() -> bool:
                        return (await check()).status == 200

                    back = await until(well)
                    report.add("embedded PostgreSQL killed: back by itself", told + back, BACK)
            finally:
                await one.stop(signal.SIGINT)


async def redis(here: Installation) -> None:
    """Redis is silent, or dead."""
    me = partial(here.http.get, "/api/users/me")
    for what in ("silent", "stopped"):
        async with here.report.part(f"Redis {what}"):
            await until(partial(redis_is_used, here.http))
            usual = await timed(me, 200)
            here.to_redis.blackhole() if what == "silent" else here.redis.kill()
            extra = await timed(me, 200) - usual
            here.report.add(f"Redis {what}: extra time of the first call", extra, SLOWER)
            known = await slowest([me] * 20, 200)
            here.report.add(f"Redis {what}: slowest of 40 calls after it", known, SLOWER)
            login = await timed(here.calls["login"], 200)
            here.report.add(f"Redis {what}: sign-in", login, SLOWER)
            check = await timed(here.calls["health"], 200)
            here.report.add(f"Redis {what}: health check", check, TOLD)
            await (
                here.to_redis.mend() if what == "silent" else asyncio.to_thread(here.redis.start)
            )
            again = await until(partial(redis_is_used, here.http))
            here.report.add(f"Redis {what}: used again", again, BACK)


async def flood(here: Installation) -> None:
    """Two hundred people sign in at once."""
    call = partial(here.http.post, "/api/auth/login", json=credentials("nobody"))
    delays = []
    async with here.report.part("sign-ins"):
        logins = asyncio.gather(*(call() for _ in range(FLOOD)))
        while not logins.done():
            delays.append(await timed(partial(here.http.get, "/livez"), 200))
            await asyncio.sleep(0.02)  # a health check has no need to hurry
        away = [answer.status for answer in await logins].count(503)
        what = f"{FLOOD} people sign in, {away} turned away: /livez"
        here.report.add(f"{what}, p50", statistics.median(delays), 0.2)
        here.report.add(f"{what}, slowest", max(delays), 1.5)


async def behind(
    server: PostgresServer, report: Report, what: str, make: Callable[[Path], Any]
) -> None:
    """Redis behind Sentinels, or a Cluster of it, of which one server dies."""
    with tempfile.TemporaryDirectory(prefix="contactsvc-") as folder:
        servers = await asyncio.to_thread(make, Path(folder))
        try:
            async with (
                report.part(what),
                service(server, servers.url) as one,
                session(one.url) as http,
            ):
                await sign_up(http, what.split()[-1])
                await loses_a_server(servers, http, report, what)
        finally:
            servers.kill()


async def loses_a_server(servers: Any, http: ClientSession, report: Report, what: str) -> None:
    """Kill the one that holds the user's keys, and let it be replaced or come back."""
    me = partial(http.get, "/api/users/me")
    user = await (await me()).json()
    if isinstance(servers, RedisCluster):
        dead = servers.nodes[servers.node_of(user["id"])]
        mended: Callable[[], None] = dead.start
    else:
        dead, mended = servers.primary, servers.promote
    await until(partial(redis_is_used, http))
    dead.kill()
    report.add(f"{what}, one server dead: slowest call", await slowest([me] * 5, 200), SLOWER)
    await asyncio.to_thread(mended)
    report.add(f"{what}, mended: used again", await until(partial(redis_is_used, http)), BACK)


async def rolling_restart(server: PostgresServer, redis: RedisServer, report: Report) -> None:
    """Two processes are replaced, one after the other, while requests come in."""
    async with (
        report.part("rolling restart"),
        service(server, redis.url, shutdown_delay=Settings.shutdown_delay) as one,
        service(server, redis.url, shutdown_delay=Settings.shutdown_delay) as two,
        ClientSession() as http,
    ):
        async with session(one.url) as own:
            await sign_up(own, "restart")
            headers = {"Authorization": own.headers["Authorization"]}
        balancer = Balancer(http, [one, two])
        work = [balancer.watch(), *(balancer.load(headers) for _ in range(CLIENTS))]
        tasks = [asyncio.create_task(each) for each in work]
        try:
            for each in (one, two):
                if await each.stop(signal.SIGTERM) != 0:
                    raise Broken("a process did not end well")
                await each.start()
                await asyncio.sleep(3 * POLL)  # the balancer finds out by itself
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        what = f"rolling restart: failed of {balancer.added} requests"
        report.add(what, len(balancer.failures), 0, unit="")
        for failure in balancer.failures[:3]:
            print(f"  {failure}")


async def parts_of_one(
    server: PostgresServer, redis_server: RedisServer, report: Report, names: Collection[str]
) -> None:
    """Take away what one service stands on."""
    async with (
        FaultProxy(server.socket) as to_postgres,
        FaultProxy(("127.0.0.1", redis_server.port)) as to_redis,
        FaultProxy(("127.0.0.1", 1)) as to_mail,
        service(
            server,
            f"redis://127.0.0.1:{to_redis.port}/0",
            database_url=f"postgres://postgres@127.0.0.1:{to_postgres.port}/postgres",
            smtp_url=f"smtp://127.0.0.1:{to_mail.port}",
        ) as one,
        session(one.url) as http,
    ):
        to_mail.blackhole()
        await sign_up(http)
        here = Installation(http, report, server, redis_server, to_postgres, to_redis)
        for part in (mail, postgresql, redis, flood):
            if part.__name__ in names:
                await part(here)


async def measure(server: PostgresServer, report: Report, names: Collection[str]) -> None:
    """Take one part after the other away."""
    redis_server = RedisServer()
    parts = (
        partial(embedded, report),
        partial(behind, server, report, "Sentinel", RedisSentinel),
        partial(behind, server, report, "Cluster", RedisCluster),
        partial(rolling_restart, server, redis_server, report),
    )
    try:
        if not set(names).isdisjoint(OF_ONE):
            await parts_of_one(server, redis_server, report, names)
        for name, part in zip(APART, parts, strict=True):
            if name in names:
                await part()
    finally:
        redis_server.kill()


def main() -> None:
    """Measure everything, or the parts that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", choices=OF_ONE + APART, help="parts to measure")
    names = parser.parse_args().only or OF_ONE + APART
    with postgres_server() as server:
        report = Report()
        report.begin()
        asyncio.run(measure(server, report, names))
    if report.missed:
        sys.exit(f"{len(report.missed)} promises were not kept.")


if __name__ == "__main__":
    main()
