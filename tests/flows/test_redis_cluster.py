"""A Redis Cluster does what one Redis does, and a dead node of it slows down its users alone."""

import asyncio
from collections.abc import Iterator

import pytest

from contactsvc.platform.redis.shared_counts import PREFIX
from tests.conftest import PASSWORD, PATIENT, Client, MakeClient, MakePerson, Person, problem
from tests.support.cache_leases import lasting_lease
from tests.support.clocks import BreakerClock
from tests.support.redis_cluster import NODES, RedisCluster
from tests.support.redis_server import REDIS_SERVER
from tests.support.round_trips import Sent
from tests.support.scrapes import scrape
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.outage


@pytest.fixture(scope="module")
def nodes(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RedisCluster]:
    """Three nodes for all tests here: it takes them two seconds to find together."""
    if REDIS_SERVER is None:
        pytest.skip("no redis-server is installed to kill")
    cluster = RedisCluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.kill()


@pytest.fixture
def cluster(nodes: RedisCluster) -> RedisCluster:
    """An empty cluster."""
    for client in nodes.clients:
        client.flushall()
    return nodes


@pytest.fixture
async def client(make_client: MakeClient, cluster: RedisCluster) -> Client:
    # A node that is dead refuses at once, so nobody need be in a hurry.
    return await make_client(redis_url=cluster.url, user_cache_ttl=3600, **PATIENT)


@pytest.fixture
async def people(make_person: MakePerson, cluster: RedisCluster) -> list[Person]:
    """People with the ids 1 to 4: two on the same node, one on each other."""
    nodes = [cluster.node_of(number) for number in range(1, 5)]
    assert nodes[0] == nodes[1]
    assert len(set(nodes)) == NODES
    return [await make_person(f"{number}@example.com") for number in range(1, 5)]


def _there(person: Person, client: Client) -> Person:
    """Return the same person, who asks another application."""
    return Person(client, person.email, person.tokens)


async def _name(person: Person) -> str:
    response = await person.get("/api/users/me")
    assert response.status == 200, await response.text()
    return str((await response.json())["name"])


async def _hits(client: Client) -> float:
    return (await scrape(client)).value("user_cache_requests_total", result="hit")


async def test_people_are_kept_where_their_keys_belong(
    people: list[Person], client: Client, cluster: RedisCluster
) -> None:
    async with lasting_lease(client, 1, 2, 3, 4):
        for number, person in enumerate(people, 1):
            await _name(person)
            assert cluster.client_of(number).exists(f"user:{{{number}}}")
        hits = await _hits(client)
        await asyncio.gather(*map(_name, people))
        assert await _hits(client) == hits + len(people)


async def test_changes_count_at_once_everywhere(
    people: list[Person], make_client: MakeClient, cluster: RedisCluster
) -> None:
    elsewhere = await make_client(redis_url=cluster.url, **PATIENT)
    for person in people[1:]:  # one on each node
        there, new = _there(person, elsewhere), f"quite {person.email} another battery"
        await _name(there)
        assert (await person.patch("/api/users/me", json={"name": "Admiral"})).status == 200
        assert await _name(there) == "Admiral"
        other = Person(elsewhere, person.email)
        await other.sign_in()
        body = {"current_password": PASSWORD, "new_password": new}
        assert (await person.put("/api/users/me/password", json=body)).status == 204
        await problem(await other.get("/api/users/me"), 401, "unauthenticated")
        await other.sign_in(new)
        await _name(_there(other, person.client))
        assert (await other.post("/api/auth/logout")).status == 204
        refused = await _there(other, person.client).get("/api/users/me")
        await problem(refused, 401, "unauthenticated")


async def test_tries_count_together(make_client: MakeClient, cluster: RedisCluster) -> None:
    settings = {"login_limit_per_account": "3/5minutes", "redis_url": cluster.url, **PATIENT}
    clients = [await make_client(**settings) for _ in range(2)]
    for email in ("a@example.com", "b@example.com", "c@example.com", "d@example.com"):
        body = {"email": email, "password": "wrong"}
        answers = [await clients[i % 2].post("/api/auth/login", json=body) for i in range(5)]
        assert [answer.status for answer in answers] == [401] * 3 + [429] * 2


async def test_nodes_count_side_by_side_what_none_of_them_refuses(
    make_client: MakeClient, cluster: RedisCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"login_limit_per_address": "4/5minutes", "login_limit_per_account": "3/5minutes"}
    client = await make_client(redis_url=cluster.url, **limits, **PATIENT)
    sent = Sent(monkeypatch)

    async def login(email: str) -> str | None:
        body = {"email": email, "password": "wrong"}
        answer = await client.post("/api/auth/login", json=body)
        return answer.headers.get("RateLimit", "").partition(";")[0] or None

    emails = ["a@example.com"] * 4 + ["b@example.com"] * 4
    assert [await login(email) for email in emails] == [
        *(None, None, None, '"login-account"'),  # the address has counted it
        *['"login-address"'] * 4,  # and lets nobody count for the other account
    ]
    keys = [key for node in cluster.clients for key in node.scan_iter(f"{PREFIX}:*")]
    assert {key.decode().split("/")[1] for key in keys} == {"login-address", "login-account"}
    assert len(keys) == 1 + 3
    looked = len(sent.about("look"))
    assert looked == 2 * len(emails)
    assert len(sent.about(PREFIX)) == looked + 2 * 3 + 1


async def _health(client: Client) -> str:
    async with client.get("/api/healthchecker") as response:
        assert response.status == 200
        return str((await response.json())["checks"]["cache"])


async def test_a_dead_node_slows_down_its_own_users_alone(
    people: list[Person], client: Client, cluster: RedisCluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = BreakerClock(monkeypatch)
    leaving, staying, *others = people
    for person in people:
        await _name(person)
    dead = cluster.node_of(1)
    cluster.nodes[dead].kill()

    for person in people:
        assert (await person.patch("/api/users/me", json={"name": "Admiral"})).status == 200
        assert await _name(person) == "Admiral"
        await person.sign_in()
    assert await _health(client) == "away"
    assert (await leaving.post("/api/auth/logout")).status == 204
    await problem(await leaving.get("/api/users/me"), 401, "unauthenticated")
    async with lasting_lease(client, 3, 4):
        await asyncio.gather(*map(_name, others))
        hits = await _hits(client)
        for _ in range(3):
            clock.close_breakers()  # the dead node is asked again
            await asyncio.gather(*map(_name, [*others, staying]))
        assert await _hits(client) == hits + 3 * len(others)

    cluster.nodes[dead].start()
    await asyncio.to_thread(cluster.wait)
    async with asyncio.timeout(PATIENCE):
        while not cluster.client_of(2).exists("user:{2}"):
            assert await _name(staying) == "Admiral"
            await problem(await leaving.get("/api/users/me"), 401, "unauthenticated")
            clock.close_breakers()
    await problem(await leaving.get("/api/users/me"), 401, "unauthenticated")
    assert await _health(client) == "ok"
