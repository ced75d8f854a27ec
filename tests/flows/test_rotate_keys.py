"""The steps of docs/how-to/rotate-keys.rst, with two processes and somebody who is signed in."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from pytest_aiohttp.plugin import AiohttpClient

from contactsvc.app import create_app
from contactsvc.assembly import assemble
from contactsvc.platform.settings import Settings
from tests.conftest import Client, MakePerson, Person, pointers, problem
from tests.support.clocks import Clock

OLD = "kY3-old-for-tests-only_0123456789abcdef"
NEW = "kY3-new-for-tests-only_fedcba9876543210"

Keys = tuple[str, tuple[str, ...]]
BEFORE: Keys = (OLD, ())
BELIEVED: Keys = (OLD, (NEW,))
SIGNING: Keys = (NEW, (OLD,))
AFTER: Keys = (NEW, ())


@dataclass
class Host:
    """Two processes behind one load balancer."""

    start: AiohttpClient
    settings: Settings
    processes: list[Client]

    async def restart(self, which: int, keys: Keys) -> None:
        """Replace one process by one with other keys."""
        key, fallbacks = keys
        settings = replace(self.settings, secret_key=key, secret_key_fallbacks=fallbacks)
        await self.processes[which].close()
        self.processes[which] = await self.start(create_app(assemble(settings)))


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Iterator[Clock]:
    with monkeypatch.context() as patch:
        yield Clock(patch)


@pytest.fixture
async def host(settings: Settings, aiohttp_client: AiohttpClient) -> Host:
    settings = replace(settings, require_confirmed_email=False, secret_key=OLD)
    apps = [create_app(assemble(settings)) for _ in range(2)]
    return Host(aiohttp_client, settings, [await aiohttp_client(app) for app in apps])


@pytest.fixture
def client(host: Host) -> Client:
    """The first of the two."""
    return host.processes[0]


async def renew(person: Person, process: Client) -> int:
    """Renew somebody's tokens at a process, as their client would."""
    body = {"refresh_token": person.tokens["refresh_token"]}
    async with process.post("/api/auth/refresh", json=body) as response:
        if response.status == 200:
            person.tokens = await response.json()
        return response.status


async def statuses(person: Person, host: Host) -> list[int]:
    """Return what every process says, before and after tokens are renewed at any of them."""
    found = []
    for issuer in host.processes:
        for process in host.processes:
            person.client = process
            found.append((await person.get("/api/users/me")).status)
        found.append(await renew(person, issuer))
    return found


def expiry(token: str) -> datetime:
    claims: dict[str, Any] = jwt.decode(token, options={"verify_signature": False})
    return datetime.fromtimestamp(claims["exp"], UTC)


@pytest.mark.slow
async def test_nobody_is_signed_out_by_the_steps(host: Host, make_person: MakePerson) -> None:
    grace, idle = await make_person(), await make_person("idle@example.com")
    for keys in (BELIEVED, SIGNING, AFTER):
        for which in (0, 1):
            await host.restart(which, keys)
            assert set(await statuses(grace, host)) == {200}, (keys, which)

    assert await renew(idle, host.processes[0]) == 401, "who was away for all that time"


async def test_to_leave_out_the_first_step_refuses_people(
    host: Host, make_person: MakePerson
) -> None:
    grace = await make_person()
    await host.restart(0, SIGNING)

    assert 401 in await statuses(grace, host)


async def test_an_old_key_may_go_when_its_last_refresh_token_has_expired(
    clock: Clock, host: Host, make_person: MakePerson
) -> None:
    last, late = await make_person(), await make_person("late@example.com")
    ttl = host.settings.refresh_token_ttl
    for person in (last, late):  # signed in at the last moment of the old key
        assert expiry(person.tokens["refresh_token"]) <= clock.now() + timedelta(seconds=ttl)
    for which in (0, 1):
        await host.restart(which, SIGNING)

    clock.move(ttl - 1)
    assert await renew(last, host.processes[0]) == 200, "until then the old key is needed"
    clock.move(1)
    assert await renew(late, host.processes[0]) == 401, "and from then on it is not"


async def test_a_leaked_key_is_worth_nothing_once_it_is_replaced(
    host: Host, make_person: MakePerson
) -> None:
    grace = await make_person()
    for _ in range(2):
        await grace.add_contact()
    page = await (await grace.get("/api/contacts/", params={"limit": 1})).json()
    for which in (0, 1):
        await host.restart(which, AFTER)

    grace.client = host.processes[0]
    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    assert await renew(grace, grace.client) == 401
    await grace.sign_in()
    cursor = {"limit": 1, "cursor": page["next_cursor"]}
    assert await pointers(await grace.get("/api/contacts/", params=cursor)) == {"/cursor"}
