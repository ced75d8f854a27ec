"""Several processes at one port: ``contactsvc serve --workers 2``."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from aiohttp import ClientSession, TCPConnector
from prometheus_client.parser import text_string_to_metric_families

from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD
from tests.flows.test_leaving import LONG, request_in_hand, sign_in, until_health_is
from tests.support.load_balancer import health
from tests.support.redis_server import RedisServer
from tests.support.service_process import LAST_OF_START, Service, has_ipv6
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.process


@pytest.fixture
async def service(
    tmp_path: Path, settings: Settings, redis_server: RedisServer
) -> AsyncIterator[Service]:
    """One with two workers."""
    service = Service(tmp_path)
    service.share(settings, redis_server.url)
    service.environment |= {
        "MAIL_LIMIT_PER_ADDRESS": "1000/minute",
        "SHUTDOWN_DELAY": LONG,
        "SHUTDOWN_TIMEOUT": LONG,
        "HOST": "0.0.0.0,::" if has_ipv6() else "0.0.0.0",
        "TMPDIR": str(tmp_path),
    }
    await service.start("--workers", "2", until="Listening at")
    await until(lambda: service.log.read_text().count(LAST_OF_START) == 2)
    async with ClientSession() as http:
        await until_health_is(http, service, 200)
    yield service
    if service.process.returncode is None:
        await service.stop(signal.SIGINT)


def serving(service: Service) -> list[int]:
    """Return the ids of the workers that have begun to serve and have not ended."""
    log = service.log.read_text()
    begun = map(int, re.findall(r"Booting worker with pid: (\d+)", log))
    return [pid for pid in begun if Path(f"/proc/{pid}").exists()]


def mapped_files(pid: int) -> str:
    """Return the lines of proc_pid_maps(5), which name the shared libraries."""
    return Path(f"/proc/{pid}/maps").read_text()


def one_connection_each() -> ClientSession:
    """Return a client whose every request may meet another worker."""
    return ClientSession(connector=TCPConnector(force_close=True))


async def test_workers_share_what_the_master_has_imported(service: Service) -> None:
    assert "asyncpg" in mapped_files(service.process.pid)


async def test_a_worker_that_dies_is_replaced(service: Service) -> None:
    victim, other = serving(service)

    os.kill(victim, signal.SIGKILL)

    async with asyncio.timeout(PATIENCE), one_connection_each() as http:
        while victim in (now := serving(service)) or len(now) < 2:
            await asyncio.sleep(0.05)  # nothing tells when a process has ended
        assert other in now
        await until_health_is(http, service, 200)


async def test_requests_that_have_begun_are_finished(
    service: Service, pg: asyncpg.Connection
) -> None:
    async with one_connection_each() as http:
        async with request_in_hand(http, service, pg) as adding:
            assert list(service.folder.glob("contactsvc-metrics-*"))
            service.process.send_signal(signal.SIGTERM)
            await until(lambda: service.log.read_text().count("Told to stop") == 2)
            assert [await health(http, service) for _ in range(4)] == [503] * 4, "of either worker"
            assert (await http.get(f"{service.url}/livez")).status == 200, "it still serves"
            for worker in serving(service):
                os.kill(worker, signal.SIGTERM)
            await until_health_is(http, service, None)

        assert (await adding).status == 201
        assert await service.process.wait() == 0
    assert not list(service.folder.glob("contactsvc-metrics-*")), "it has cleaned up"


TOLD_EARLY = """
import os, signal, sys, time
from contactsvc import workers

def told_before(worker):
    heard = []
    for each in (signal.SIGTERM, signal.SIGQUIT):
        heed = signal.getsignal(each)
        signal.signal(each, lambda *told, heed=heed: (heed(*told), heard.append(told)))
    os.kill(os.getppid(), signal.Signals[sys.argv[2]])
    while not heard:
        time.sleep(0.01)
    step(worker)

step = getattr(workers.ServiceWorker, sys.argv[1])
setattr(workers.ServiceWorker, sys.argv[1], told_before)
workers.main(1)
"""
"""A service whose worker is told to stop before one of its first steps."""


@pytest.mark.parametrize("step", ["init_process", "run"])
@pytest.mark.parametrize("how", ["SIGTERM", "SIGINT"])
async def test_a_worker_that_has_not_begun_is_told_to_stop(
    tmp_path: Path, settings: Settings, redis_server: RedisServer, step: str, how: str
) -> None:
    service = Service(tmp_path)
    service.share(settings, redis_server.url)
    service.environment |= {"SHUTDOWN_TIMEOUT": LONG, "TMPDIR": str(tmp_path)}

    with service.log.open("wb") as log:
        command = (sys.executable, "-c", TOLD_EARLY)
        service.process = await service.run(step, how, command=command, stdout=log)

    assert await service.ended() == 0, "it is not killed after the timeout"
    assert service.log.read_text().count("Worker exiting") == 1


async def test_two_workers_send_each_mail_once(service: Service, pg: asyncpg.Connection) -> None:
    count = 10
    async with one_connection_each() as http:
        for number in range(count):
            body = {"email": f"user{number}@example.com", "password": PASSWORD}
            assert (await http.post(f"{service.url}/api/auth/register", json=body)).status == 201
    async with asyncio.timeout(PATIENCE):
        while await pg.fetchval("SELECT count(*) FROM outbox WHERE status = 'sent'") < count:
            await asyncio.sleep(0.05)  # nothing tells when a row has changed

    assert len(list((service.folder / "var/mail").glob("*.eml"))) == count
    assert await pg.fetchval("SELECT sum(attempts) FROM outbox") == count


async def test_metrics_are_told_for_all_workers_by_whichever_is_asked(service: Service) -> None:
    count = 40
    async with one_connection_each() as http:
        for _ in range(count):
            assert (await http.get(f"{service.url}/livez")).status == 200
        scrapes = [await (await http.get(f"{service.url}/metrics")).text() for _ in range(4)]

    assert {requests_to("/livez", scrape) for scrape in scrapes} == {count}


def requests_to(route: str, scrape: str) -> float:
    return sum(
        sample.value
        for family in text_string_to_metric_families(scrape)
        for sample in family.samples
        if sample.name == "http_server_request_duration_seconds_count"
        and sample.labels["route"] == route
    )


@pytest.mark.parametrize("how", ["option", "setting"])
async def test_workers_that_share_no_redis_are_refused(tmp_path: Path, how: str) -> None:
    service = Service(tmp_path)
    service.environment |= {"WORKERS": "2"} if how == "setting" else {}

    process = await service.run("serve", *(["--workers", "2"] if how == "option" else []))
    printed, _ = await process.communicate()

    assert process.returncode == 1
    assert b"set REDIS_URL" in printed
    assert b"Traceback" not in printed
    assert not (tmp_path / "var/postgres").exists(), "nothing was begun"


async def test_several_addresses_and_a_taken_port(service: Service) -> None:
    async with one_connection_each() as http:
        for host in ("127.0.0.1", *(["[::1]"] if has_ipv6() else [])):
            url = service.url.replace("127.0.0.1", host)
            assert (await http.get(f"{url}/livez")).status == 200
    folders = set(service.folder.glob("contactsvc-metrics-*"))

    process = await service.run("serve", "--workers", "2")
    printed, _ = await process.communicate()

    assert process.returncode == 1
    assert printed.count(b"\n") == 1
    assert b"is taken; set PORT to another one" in printed
    assert set(service.folder.glob("contactsvc-metrics-*")) == folders, "it has cleaned up"


async def test_one_json_object_a_line(service: Service) -> None:
    await service.stop(signal.SIGINT)
    service.environment["LOG_FORMAT"] = "json"
    await service.start("--workers", "2", until="Listening at")
    async with one_connection_each() as http:
        await until_health_is(http, service, 200)
        headers = await sign_in(http, service)
        url = f"{service.url}/api/contacts/41?q=Zoe"
        assert (await http.get(url, headers=headers | {"X-Request-ID": "mine"})).status == 422
    await service.stop(signal.SIGINT)

    lines = [json.loads(line) for line in service.log.read_text().splitlines()]
    (entry,) = [line for line in lines if line.get("request_id") == "mine"]
    assert entry.pop("timestamp").endswith("Z")
    assert entry.pop("duration_ms") > 0
    assert entry == {
        "level": "info",
        "logger": "aiohttp.access",
        "event": entry["event"],
        "method": "GET",
        "route": "/api/contacts/{contact_id}",
        "status": 422,
        "request_id": "mine",
        "user_id": 1,
    }
    assert "Zoe" not in service.log.read_text()
