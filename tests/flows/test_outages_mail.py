"""The mail server is away for as long as it likes: no request waits, no mail is lost or doubled."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import asyncpg
import pytest

from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, PATIENT, Client
from tests.support.fault_proxy import FaultProxy
from tests.support.smtp_server import MailHandler, smtp_server
from tests.support.waiting import PATIENCE, until

pytestmark = [pytest.mark.outage, pytest.mark.usefixtures("patient_worker")]

FAULTS: dict[str, Callable[[FaultProxy], None]] = {
    "refused": FaultProxy.refuse,
    "reset": FaultProxy.reset,
    "dropped": FaultProxy.blackhole,
}


@pytest.fixture
def handler() -> MailHandler:
    return MailHandler()


@pytest.fixture
async def proxy(handler: MailHandler) -> AsyncIterator[FaultProxy]:
    async with smtp_server(handler) as port, FaultProxy(("127.0.0.1", port)) as proxy:
        yield proxy


@pytest.fixture
def settings(settings: Settings, proxy: FaultProxy) -> Settings:
    return replace(settings, smtp_url=f"smtp://127.0.0.1:{proxy.port}", **PATIENT)


@pytest.mark.parametrize("fault", FAULTS)
async def test_mail_is_sent_when_the_server_is_back(
    client: Client, proxy: FaultProxy, handler: MailHandler, pg: asyncpg.Connection, fault: str
) -> None:
    FAULTS[fault](proxy)
    for name in ("ada", "grace"):
        body = {"email": f"{name}@example.com", "password": PASSWORD}
        async with asyncio.timeout(PATIENCE):  # the mail server is away until all is asserted
            assert (await client.post("/api/auth/register", json=body)).status == 201

    for attempt in (1, 2):
        await _fails(proxy, pg, attempt)
    pending = await pg.fetch("SELECT status FROM outbox")
    assert [row["status"] for row in pending] == ["pending"] * 2
    await proxy.mend()
    await pg.execute("UPDATE outbox SET next_attempt_at = now()")

    await until(lambda: pg.fetchval("SELECT bool_and(status = 'sent') FROM outbox"))
    assert sorted(str(mail["To"]) for mail in handler.mails()) == [
        "ada@example.com",
        "grace@example.com",
    ]


async def _fails(proxy: FaultProxy, pg: asyncpg.Connection, attempt: int) -> None:
    """Wait until each mail has failed that often; the day between is passed over."""
    await pg.execute("UPDATE outbox SET next_attempt_at = now(), last_error = ''")
    failed = "SELECT bool_and(attempts >= $1 AND last_error > '') FROM outbox"
    async with asyncio.timeout(PATIENCE):
        while not await pg.fetchval(failed, attempt):
            if proxy.swallowed.is_set():
                proxy.drop()  # or the worker would wait for half a minute
            await asyncio.sleep(0.02)  # the worker works beside the requests
