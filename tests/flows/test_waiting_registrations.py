"""Who asks for a mail about a registration has the time that its link promises."""

import asyncpg
import pytest

from contactsvc.housekeeping import Housekeeping
from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, Client
from tests.flows.test_enumeration import age
from tests.support.mailbox import Mailbox

EMAIL = "ada@example.com"


@pytest.mark.own_app
@pytest.mark.parametrize("call", ["request_email", "update_password"])
async def test_a_mail_that_is_asked_for_late_is_good_for_a_day(
    client: Client, mailbox: Mailbox, settings: Settings, pg: asyncpg.Connection, call: str
) -> None:
    body = {"email": EMAIL, "password": PASSWORD}
    assert (await client.post("/api/auth/register", json=body)).status == 201
    first = await mailbox.link(EMAIL)
    await age(pg, seconds=settings.unconfirmed_ttl - 3600)

    assert (await client.post(f"/api/auth/{call}", json={"email": EMAIL})).status == 202
    link = await mailbox.link(EMAIL) if call == "request_email" else first
    await age(pg, seconds=7200)
    await Housekeeping(settings)._purge(files=False)

    answer = await client.post(link, json={"password": PASSWORD})
    assert answer.status == 200, await answer.text()
    assert (await client.post("/api/auth/login", json=body)).status == 200
