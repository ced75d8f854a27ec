"""The state of the service is told part by part, as it is found."""

import pytest
from redis.asyncio import Redis

from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.mail import repository as outbox
from contactsvc.web.draining import Draining
from contactsvc.web.health.schemas import ChecksAnswer, HealthAnswer
from contactsvc.web.health.service import Health
from tests.support.waiting import PATIENCE


async def test_every_part_that_is_looked_at_is_told(orm: None, redis: Redis) -> None:
    cache = CurrentUserCache(redis, 60, 900, PATIENCE)
    checks = await Health(
        cache, outbox.is_stuck, address_books.reach_all, Draining(), database_timeout=600
    ).check()
    assert set(ChecksAnswer().fields) == set(checks)


@pytest.mark.parametrize(("status", "fits"), [("ok", True), ("degraded", True), ("ill", False)])
def test_the_whole_is_ok_or_degraded(status: str, fits: bool) -> None:
    checks = dict.fromkeys(ChecksAnswer().fields, "ok")
    refused = HealthAnswer().validate({"status": status, "version": "0.1.0", "checks": checks})
    assert list(refused) == ([] if fits else ["status"])
