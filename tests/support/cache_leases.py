"""The lease on the copies of users in Redis, without which they are read from PostgreSQL.

It lasts for less than a second, for which a busy machine may stand still.
"""

from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient

from contactsvc.accounts.current_user.lease import Lease
from contactsvc.assembly import services_of
from tests.support.waiting import PATIENCE, until

Client = TestClient[web.Request, web.Application]


class _Standing:
    @staticmethod
    def monotonic() -> float:
        return 0.0


@pytest.fixture(autouse=True)
def _lasting_leases(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let applications renew a lease of an hour, however late, where no outage is tested."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.node.get_closest_marker("outage"):
            _let_last(patch)
        yield


def _let_last(patch: pytest.MonkeyPatch) -> None:
    patch.setattr("contactsvc.assembly.Lease", _LongLease)
    for timeout in ("CONNECT_TIMEOUT", "ANSWER_TIMEOUT"):
        patch.setattr(f"contactsvc.accounts.current_user.pending_invalidations.{timeout}", PATIENCE)


class _LongLease(Lease):
    def renew(self, asked_at: float, pending: Collection[int] | None) -> None:
        super().renew(asked_at + 3600, pending)


def lease_of(client: Client) -> Lease:
    """Return the lease of the application that a client asks, which has a Redis."""
    assert client.app is not None
    lease = services_of(client.app).lease
    assert lease is not None
    return lease


@asynccontextmanager
async def lasting_lease(client: Client, *user_ids: int) -> AsyncIterator[None]:
    """Let the copies of these users be used, however late the lease on them is renewed.

    For tests of outages, where leases are as short as ever. Change no user meanwhile. Where no
    Redis is shared there is no lease, and copies are used in any case.
    """
    assert client.app is not None
    lease = services_of(client.app).lease
    if lease is None:
        yield
        return
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("contactsvc.accounts.current_user.lease.time", _Standing)
        await until(lambda: all(map(lease.allows, user_ids)))
        yield
