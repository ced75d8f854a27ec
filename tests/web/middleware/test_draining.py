"""Connections of a process that is about to stop end with their next answer."""

import pytest

from contactsvc.assembly import services_of
from tests.conftest import Client

pytestmark = pytest.mark.own_app


@pytest.mark.parametrize(("path", "status"), [("/livez", 200), ("/nothing", 404)])
async def test_a_connection_is_kept_until_the_process_is_told_to_stop(
    client: Client, path: str, status: int
) -> None:
    kept = await client.get(path)
    services_of(client.app).draining.begin(1)
    closed = await client.get(path)

    assert (kept.status, closed.status) == (status, status)
    assert kept.headers.get("Connection") is None
    assert closed.headers["Connection"] == "close"
