"""Sessions: listed, revoked, renewed by the rules and ended by theft."""

import asyncio
from datetime import datetime, timedelta

import asyncpg
import pytest
from aiohttp import ClientResponse

from contactsvc.accounts.audit.model import Event
from tests.conftest import Client, MakeClient, MakePerson, Person, pointers, problem
from tests.support.clocks import Clock
from tests.support.forgery import forge, long_ago

SESSIONS = "/api/users/me/sessions"


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


async def refresh(client: Client, token: str, **kwargs: str) -> ClientResponse:
    return await client.post("/api/auth/refresh", json={"refresh_token": token}, headers=kwargs)


async def renew(person: Person) -> None:
    """Trade the refresh token of somebody, and let them forget the old one."""
    response = await refresh(person.client, person.tokens["refresh_token"])
    assert response.status == 200, await response.text()
    person.tokens = await response.json()


async def is_in(person: Person) -> bool:
    response = await person.get("/api/users/me")
    assert response.status in (200, 401)
    return response.status == 200


async def another_device(person: Person) -> Person:
    device = Person(person.client, person.email)
    await device.sign_in()
    return device


async def ids(person: Person) -> list[int]:
    response = await person.get(SESSIONS)
    assert response.status == 200, await response.text()
    return [session["id"] for session in (await response.json())["items"]]


async def current(person: Person) -> int:
    items = (await (await person.get(SESSIONS)).json())["items"]
    [own] = [session["id"] for session in items if session["current"]]
    return int(own)


async def test_a_session_as_it_is_listed(clock: Clock, client: Client, grace: Person) -> None:
    body = {"email": grace.email, "password": "correct horse battery staple"}
    agent = {"User-Agent": "Hopper/1.0"}
    async with client.post("/api/auth/login", json=body, headers=agent) as response:
        grace.tokens = await response.json()
    clock.move(61)
    await renew(grace)

    response = await grace.get(SESSIONS)

    assert response.headers["Cache-Control"] == "no-store"
    newest, older = (await response.json())["items"]
    assert newest.keys() == {"id", "user_agent", "ip", "created_at", "last_used_at", "current"}
    assert (newest["user_agent"], newest["ip"]) == ("Hopper/1.0", "127.0.0.1")
    assert (newest["current"], older["current"]) == (True, False)
    assert newest["created_at"].endswith("Z")
    created, used = (datetime.fromisoformat(newest[at]) for at in ("created_at", "last_used_at"))
    assert used - created == timedelta(seconds=61)


async def test_the_session_used_last_comes_first(clock: Clock, grace: Person) -> None:
    devices = [grace]
    for _ in range(2):
        clock.move(1)
        devices.append(await another_device(grace))
    first, second, third = [await current(device) for device in devices]
    clock.move(1)
    await renew(devices[1])

    assert await ids(grace) == [second, third, first]


async def test_only_ones_own_living_sessions_are_listed(
    grace: Person, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    devices = [await another_device(grace) for _ in range(2)]
    expired, ended = [await current(device) for device in devices]
    await pg.execute("UPDATE sessions SET expires_at = now() WHERE id = $1", expired)
    await pg.execute("UPDATE sessions SET revoked_at = now() WHERE id = $1", ended)
    await make_person("bob@example.com")

    assert await ids(grace) == [await current(grace)]


async def test_a_revoked_session_ends_at_once(grace: Person, make_person: MakePerson) -> None:
    device, bystander = await another_device(grace), await make_person("bob@example.com")
    assert [await is_in(person) for person in (grace, device, bystander)] == [True] * 3  # cached

    response = await grace.delete(f"{SESSIONS}/{await current(device)}")

    assert (response.status, await response.read()) == (204, b"")
    assert [await is_in(person) for person in (grace, device, bystander)] == [True, False, True]
    renewal = await refresh(grace.client, device.tokens["refresh_token"])
    await problem(renewal, 401, "unauthenticated")


async def test_one_may_revoke_the_session_one_is_in(grace: Person) -> None:
    assert (await grace.delete(f"{SESSIONS}/{await current(grace)}")).status == 204
    assert not await is_in(grace)


async def test_what_is_missing_ended_or_somebody_elses_looks_alike(
    grace: Person, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    devices = [await another_device(grace) for _ in range(2)]
    expired, ended = [await current(device) for device in devices]
    await pg.execute("UPDATE sessions SET expires_at = now() WHERE id = $1", expired)
    assert (await grace.delete(f"{SESSIONS}/{ended}")).status == 204
    bob = await make_person("bob@example.com")

    answers = []
    for session_id in (expired, ended, await current(bob), 999_999, 2**63 - 1):
        response = await grace.delete(f"{SESSIONS}/{session_id}", headers={"X-Request-ID": "same"})
        await problem(response, 404, "not_found")
        answers.append(await response.read())

    assert len(set(answers)) == 1
    assert await is_in(bob)


async def test_what_is_no_id_is_refused(grace: Person, subtests: pytest.Subtests) -> None:
    for session_id in ["x", "0", "-1", str(2**63), "1.0", "%00"]:
        with subtests.test(session_id=session_id):
            assert await pointers(await grace.delete(f"{SESSIONS}/{session_id}")) == {"/id"}


async def test_twenty_refreshes_at_once_all_get_the_same_token_and_nobody_is_signed_out(
    clock: Clock, grace: Person
) -> None:
    token = grace.tokens["refresh_token"]

    answers = await asyncio.gather(*(refresh(grace.client, token) for _ in range(20)))

    assert {answer.status for answer in answers} == {200}
    pairs = [await answer.json() for answer in answers]
    assert len({pair["refresh_token"] for pair in pairs}) == 1
    assert len({pair["access_token"] for pair in pairs}) == 20
    for grace.tokens in pairs:
        assert await is_in(grace)
    await renew(grace)
    assert await is_in(grace)


async def test_a_client_that_retries_at_every_step_stays_signed_in(
    clock: Clock, grace: Person
) -> None:
    for _ in range(5):
        lost = await (await refresh(grace.client, grace.tokens["refresh_token"])).json()
        clock.move(10)
        await renew(grace)
        assert grace.tokens["refresh_token"] == lost["refresh_token"]
        assert grace.tokens["refresh_token"] not in ("", lost["access_token"])
    assert await is_in(grace)


@pytest.mark.parametrize(("steps", "wait"), [(1, 11), (2, 0), (5, 0)])
async def test_a_token_used_again_ends_the_session_for_thief_and_owner(
    clock: Clock, grace: Person, pg: asyncpg.Connection, steps: int, wait: int
) -> None:
    device = await another_device(grace)
    found, opened = device.tokens["refresh_token"], [device.tokens["access_token"]]
    session_id = await current(device)
    for _ in range(steps):
        await renew(device)
        opened.append(device.tokens["access_token"])
        assert await is_in(device)
    clock.move(wait)

    response = await refresh(grace.client, found, **{"X-Request-ID": "the-thief"})

    await problem(response, 401, "unauthenticated")
    assert response.headers["WWW-Authenticate"] == "Bearer"
    for device.tokens["access_token"] in opened:
        assert not await is_in(device)
    latest = await refresh(grace.client, device.tokens["refresh_token"])
    await problem(latest, 401, "unauthenticated")
    assert await is_in(grace)
    assert session_id not in await ids(grace)
    query = "SELECT user_id, ip, request_id FROM audit_events WHERE event = $1"
    [event] = await pg.fetch(query, Event.TOKEN_REUSE)
    assert tuple(event) == (1, "127.0.0.1", "the-thief")


async def test_a_forged_token_does_not_end_the_session_it_names(
    clock: Clock, grace: Person
) -> None:
    """Signature and expiry come first, or anybody could sign anybody out."""
    old = grace.tokens["refresh_token"]
    await renew(grace)
    await renew(grace)

    forged = forge(old, "another-key-0123456789abcdefghijklmn")
    expired = forge(old, "kY3-for-tests-only_0123456789abcdef", exp=long_ago())
    for token in (forged, expired, old[:-2], grace.tokens["access_token"]):
        await problem(await refresh(grace.client, token), 401, "unauthenticated")

    assert await is_in(grace)
    await renew(grace)


async def test_a_session_that_is_not_renewed_expires(
    make_client: MakeClient, make_person: MakePerson, clock: Clock
) -> None:
    client = await make_client(refresh_token_ttl=600)
    grace = await make_person(client=client)
    clock.move(599)
    await renew(grace)
    clock.move(600)

    response = await refresh(client, grace.tokens["refresh_token"])

    await problem(response, 401, "unauthenticated")


async def test_a_session_ends_at_its_greatest_age_however_much_it_is_used(
    make_client: MakeClient, make_person: MakePerson, clock: Clock
) -> None:
    client = await make_client(refresh_token_ttl=600, session_max_age=1000)
    grace = await make_person(client=client)
    for _ in range(3):
        clock.move(333)
        await renew(grace)
    clock.move(1)

    response = await refresh(client, grace.tokens["refresh_token"])

    await problem(response, 401, "unauthenticated")
    await grace.sign_in()
    assert len(await ids(grace)) == 1


async def test_a_renewal_brings_a_changed_role_along(grace: Person, pg: asyncpg.Connection) -> None:
    """A change of role or password raises the version; access tokens made before are refused."""
    await pg.execute("UPDATE users SET auth_version = auth_version + 1")
    await renew(grace)

    assert await is_in(grace)


@pytest.mark.parametrize("scope", ["local", "others", "global"])
async def test_signing_out_is_in_the_audit_log(
    grace: Person, pg: asyncpg.Connection, scope: str
) -> None:
    await another_device(grace)

    assert (await grace.post("/api/auth/logout", json={"scope": scope})).status == 204

    query = "SELECT user_id, actor_id, ip FROM audit_events WHERE event = $1"
    [event] = await pg.fetch(query, Event.TOKEN_REVOKED)
    assert tuple(event) == (1, 1, "127.0.0.1")
