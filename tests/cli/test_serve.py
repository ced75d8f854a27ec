"""The service as a process of its own: started, killed, started again, ended."""

import re
import shutil
import signal
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from aiohttp import ClientSession

from tests.conftest import PASSWORD
from tests.support.service_process import Service, has_ipv6

pytestmark = pytest.mark.process


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder whose path is short enough for PostgreSQL's socket."""
    path = Path(tempfile.mkdtemp(prefix="contactsvc-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
async def service(folder: Path) -> AsyncIterator[Service]:
    service = Service(folder)
    yield service
    if service.process.returncode is None:
        await service.stop(signal.SIGINT)


async def test_a_newcomers_first_hour(service: Service) -> None:
    """Start, use, kill without warning, start again, end: no committed row is lost."""
    printed = await service.start()
    for expected in (f"{service.url}/api/", f"{service.url}/api/docs", "var/mail"):
        assert expected in printed

    async with ClientSession(service.url) as http:
        body = {"email": "ada@example.com", "password": PASSWORD}
        assert (await http.post("/api/auth/register", json=body)).status == 201
        confirming = await service.run("confirm", "Ada@Example.com")
        assert b"confirmed" in (await confirming.communicate())[0]
        tokens = await (await http.post("/api/auth/login", json=body)).json()
        headers = {"Authorization": f"Bearer {tokens['access_token']}"}
        contact = {"first_name": "Grace"}
        assert (await http.post("/api/contacts/", json=contact, headers=headers)).status == 201

        await service.stop(signal.SIGKILL)
        assert service.postgres_is_running(), "killed alone, it leaves PostgreSQL behind"
        await service.start()

        page = await (await http.get("/api/contacts/", headers=headers)).json()
        assert [item["first_name"] for item in page["items"]] == ["Grace"]

    assert await service.stop(signal.SIGINT) == 0
    assert not service.postgres_is_running(), "Ctrl-C ends everything, however it was started"

    secret = service.folder / "var/secret_key"
    assert secret.stat().st_mode & 0o777 == 0o600
    await service.start()
    async with ClientSession(service.url) as http:
        assert (await http.get("/api/users/me", headers=headers)).status == 200
    assert await service.stop(signal.SIGHUP) == 0, "a closed terminal"
    assert not service.postgres_is_running()
    await service.start()
    assert await service.stop(signal.SIGTERM) == 0


async def _output(service: Service, *arguments: str) -> tuple[int, str]:
    process = await service.run(*arguments)
    printed, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, printed.decode()


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"PORT": "99999", "ACCESS_TOKEN_TTL": "soon"}, r"PORT: .*\n.*ACCESS_TOKEN_TTL"),
        ({"DATABASE_URL": "postgres://127.0.0.1/x"}, r"SECRET_KEY: must be set"),
    ],
    ids=["wrong values", "no secret"],
)
async def test_a_start_that_fails_says_why_in_lines(
    folder: Path, change: dict[str, str], expected: str
) -> None:
    service = Service(folder)
    service.environment |= change

    status, printed = await _output(service, "serve")

    assert status == 1
    assert re.search(expected, printed)
    assert "Traceback" not in printed


async def test_several_addresses_and_a_taken_port(service: Service) -> None:
    service.environment["HOST"] = "0.0.0.0,::" if has_ipv6() else "127.0.0.1,127.0.0.2"
    await service.start()
    other = "[::1]" if has_ipv6() else "127.0.0.2"
    async with ClientSession() as http:
        for url in (service.url, service.url.replace("127.0.0.1", other)):
            assert (await http.get(f"{url}/livez")).status == 200

    status, printed = await _output(service, "serve")

    assert status == 1
    assert printed.count("\n") == 1
    assert "PORT: " in printed
    assert "is taken; set PORT to another one" in printed
    assert "Traceback" not in printed
