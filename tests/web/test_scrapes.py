"""Scrapes that come together share one answer, and nobody can take it from the others."""

import asyncio

import pytest

from contactsvc.mail.metrics import families
from contactsvc.web.scrapes import Scrapes

pytestmark = pytest.mark.usefixtures("orm")


async def test_scrapes_at_one_time_share_an_answer_and_the_next_gets_its_own() -> None:
    scrapes = Scrapes(60, families)

    first, second = await asyncio.gather(scrapes.text(), scrapes.text())
    third = await scrapes.text()

    assert first is second
    assert third is not first


async def test_who_goes_away_takes_the_answer_from_nobody() -> None:
    scrapes = Scrapes(60, families)
    one, other = (asyncio.create_task(scrapes.text()) for _ in range(2))
    await asyncio.sleep(0)  # lets both begin
    one.cancel()

    assert b"outbox_mails" in await other
    assert one.cancelled()
