"""How often a request waits for Redis: each time costs what the network costs."""

from collections.abc import Iterator

import pytest

from contactsvc.platform.redis.shared_counts import PREFIX
from tests.conftest import PASSWORD, MakeClient, MakePerson
from tests.support.redis_server import REDIS_SERVER, RedisServer
from tests.support.round_trips import Sent

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def server() -> Iterator[RedisServer]:
    """A server of the module's own: fakeredis has no connections to count at."""
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed")
    server = RedisServer()
    yield server
    server.kill()


async def test_a_sign_in_waits_twice_for_redis(
    make_client: MakeClient,
    make_person: MakePerson,
    server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    client = await make_client(redis_url=server.url)
    grace = await make_person(client=client)  # Redis has been told the scripts now
    sent = Sent(monkeypatch)

    await grace.sign_in(PASSWORD)

    assert len(sent.about(PREFIX)) == 2  # it counts, and forgives when all is well
    assert len(sent.trips) == 2


async def test_a_change_of_the_email_is_counted_in_one_trip(
    make_client: MakeClient,
    make_person: MakePerson,
    server: RedisServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    grace = await make_person(client=await make_client(redis_url=server.url))
    sent = Sent(monkeypatch)

    body = {"email": "ada@example.com", "password": PASSWORD}
    assert (await grace.post("/api/users/me/email", json=body)).status == 202

    counted, forgiven = sent.about(PREFIX)
    for policy in ("login-address", "login-account", "mail-address", "mail-account"):
        assert f"/{policy}/".encode() in counted
    assert b"DEL" in forgiven
