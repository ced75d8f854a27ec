"""The lease on the copies of users in Redis, without which they are read from PostgreSQL."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from contactsvc.assembly import services_of
from tests.support.waiting import until


class _Standing:
    @staticmethod
    def monotonic() -> float:
        return 0.0


@asynccontextmanager
async def lasting_lease(
    client: TestClient[web.Request, web.Application], *user_ids: int
) -> AsyncIterator[None]:
    """Let the copies of these users be used, however late the lease on them is renewed.

    It lasts for less than a second, for which a busy machine may stand still. Change no user
    meanwhile.
    """
    assert client.app is not None
    lease = services_of(client.app).lease
    assert lease is not None
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("contactsvc.accounts.current_user.lease.time", _Standing)
        await until(lambda: all(map(lease.allows, user_ids)))
        yield
