"""The state of the service is told part by part, as it is found."""

import pytest

from contactsvc.cache.connection import connect
from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.schemas.health import ChecksAnswer, HealthAnswer
from contactsvc.services import health
from contactsvc.services.draining import Draining


async def test_every_part_that_is_looked_at_is_told(orm: None) -> None:
    redis = connect(None)
    checks = await health.check(CurrentUserCache(redis, 60, 900), Draining(), database_timeout=600)
    await redis.aclose()
    assert set(ChecksAnswer().fields) == set(checks)


@pytest.mark.parametrize(("status", "fits"), [("ok", True), ("degraded", True), ("ill", False)])
def test_the_whole_is_ok_or_degraded(status: str, fits: bool) -> None:
    checks = dict.fromkeys(ChecksAnswer().fields, "ok")
    refused = HealthAnswer().validate({"status": status, "version": "0.1.0", "checks": checks})
    assert list(refused) == ([] if fits else ["status"])
