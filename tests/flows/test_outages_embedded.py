"""The embedded PostgreSQL is killed under a service that runs."""

import os
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.conftest import PASSWORD
from tests.support.outages import recovers
from tests.support.service_process import Service
from tests.support.waiting import until

pytestmark = pytest.mark.outage

BODY = {"email": "ada@example.com", "password": PASSWORD}


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """One with everything embedded, in a folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="contactsvc-"))
    service = Service(folder)
    service.environment["REQUIRE_CONFIRMED_EMAIL"] = "false"
    await service.start()
    yield service
    if service.process.returncode is None:
        await service.stop(signal.SIGINT)
    shutil.rmtree(folder)


async def test_killed_and_started_by_the_service(service: Service) -> None:
    async with ClientSession(service.url) as http:
        assert (await http.post("/api/auth/register", json=BODY)).status == 201

        os.kill(service.postgres_pid(), signal.SIGKILL)

        await until(lambda: "has been started again" in service.log.read_text())
        await recovers(lambda: http.get("/api/healthchecker"))
        assert (await http.post("/api/auth/login", json=BODY)).status == 200
    assert await service.stop(signal.SIGINT) == 0
    assert not service.postgres_is_running(), "it is stopped, though it is another process now"
