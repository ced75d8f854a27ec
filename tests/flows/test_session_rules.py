"""The rules of sessions, in whatever order chance puts them, against a model of a few lines."""

import asyncio
import itertools
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import asyncpg
import pytest
from aiohttp.test_utils import TestClient, TestServer
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from contactsvc.accounts.audit.model import Event
from contactsvc.app import create_app
from contactsvc.assembly import assemble, services_of
from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, Client
from tests.support import engines
from tests.support.accounts import password_hash
from tests.support.clocks import Clock
from tests.support.samples import samples

TTL, MAX_AGE = 600, 700
RETRY = timedelta(seconds=10)
MOST_DEVICES = 3


Item = TypeVar("Item")
NUMBERS = st.integers(0, 11)
WAITS = st.sampled_from([0, 0, 1, 2, 5, 9, 10, 11, TTL // 2, TTL - 1, TTL])
BACK = st.sampled_from([0, 0, 0, 1, 1, 2, 3])
"""Which refresh token is used: the current one, its parent, or one before."""


def pick(items: list[Item], number: int) -> Item:
    return items[number % len(items)]


class World:
    """The service with its engines, asked from outside of its event loop."""

    def __init__(self, runner: asyncio.Runner, clock: Clock) -> None:
        self._runner = runner
        self._emails = (f"user{number}@example.com" for number in itertools.count())
        self.clock = clock
        self.client: Client
        self.pg: asyncpg.Connection

    async def open(self, settings: Settings) -> None:
        self.pg = await asyncpg.connect(settings.database_url)
        await engines.empty(self.pg)
        self.client = TestClient(TestServer(create_app(assemble(settings))))
        await self.client.start_server()
        await self.let_redis_forget()

    async def close(self) -> None:
        await self.client.close()
        await self.pg.close()

    async def let_redis_forget(self) -> None:
        await services_of(self.client.app).cache._redis.flushdb()

    async def new_user(self, password_hash: str) -> tuple[int, str]:
        email = next(self._emails)
        query = """
            INSERT INTO users (email, email_key, password_hash, role, name,
                               confirmed, is_active, auth_version, version, created_at)
            VALUES ($1, $1, $2, 'user', '', true, true, 1, 1, now()) RETURNING id
            """
        return await self.pg.fetchval(query, email, password_hash), email

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self._runner.run(work)

    def ask(
        self, method: str, path: str, body: object = None, token: str = ""
    ) -> tuple[int, dict[str, Any]]:
        async def ask() -> tuple[int, dict[str, Any]]:
            headers = {"Authorization": f"Bearer {token}"} if token else None
            response = await self.client.request(method, path, json=body, headers=headers)
            data = {} if response.status == 204 else await response.json(content_type=None)
            return response.status, data

        status, data = self.run(ask())
        return status, data


@dataclass(eq=False)
class Device:
    """What the model knows of a session."""

    begun: datetime
    used: datetime
    ends: datetime
    id: int = 0
    ended: bool = False
    access: list[str] = field(default_factory=list)
    refresh: list[tuple[str, datetime]] = field(default_factory=list)

    def keep(self, pair: dict[str, Any]) -> None:
        self.access.append(pair["access_token"])
        self.refresh.append((pair["refresh_token"], self.ends))


class Rules(RuleBasedStateMachine):
    """One user with some devices, and a thief who has seen every token that ever was."""

    world: ClassVar[World]
    password_hash: ClassVar[str]

    def __init__(self) -> None:
        super().__init__()
        self.user_id, self.email = self.world.run(self.world.new_user(self.password_hash))
        self.all: list[Device] = []
        self.thefts = 0

    @property
    def moment(self) -> datetime:
        return self.world.clock.moment

    def is_alive(self, device: Device) -> bool:
        return not device.ended and self.moment < device.ends

    @property
    def alive(self) -> list[Device]:
        return [device for device in self.all if self.is_alive(device)]

    def after(self, seconds: int) -> datetime:
        return self.moment + timedelta(seconds=seconds)

    @initialize()
    def begin(self) -> None:
        self.sign_in()
        self.sign_in()

    @precondition(lambda self: len(self.alive) < MOST_DEVICES)
    @rule()
    def sign_in(self) -> None:
        body = {"email": self.email, "password": PASSWORD}
        status, pair = self.world.ask("POST", "/api/auth/login", body)
        assert status == 200
        device = Device(self.moment, self.moment, self.after(TTL))
        device.keep(pair)
        device.id = next(s["id"] for s in self.listed(device) if s["current"])
        self.all.append(device)

    @precondition(lambda self: self.alive)
    @rule(which=NUMBERS, steps=st.lists(st.tuples(WAITS, BACK), min_size=1, max_size=5))
    def refresh(self, which: int, steps: list[tuple[int, int]]) -> None:
        device = pick(self.alive, which)
        for seconds, back in steps:
            self.let_time_pass(seconds)
            self.refresh_with(device, back)

    @precondition(lambda self: self.alive)
    @rule(which=NUMBERS, seconds=st.sampled_from([TTL // 2, TTL - 1]), early=st.booleans())
    def use_it_to_the_end(self, which: int, seconds: int, early: bool) -> None:
        """Use a session before each expiry, until it ends by its greatest age."""
        device = pick(self.alive, which)
        while self.after(seconds) < device.ends:
            self.let_time_pass(seconds)
            self.refresh_with(device, 0)
        left = int((device.ends - self.moment).total_seconds())
        self.let_time_pass(left - early)
        self.come_in(device, -1)
        self.refresh_with(device, 0)

    def refresh_with(self, device: Device, back: int) -> None:
        token, expires = device.refresh[max(0, len(device.refresh) - 1 - back)]
        alive = self.is_alive(device)
        status, pair = self.renew(token)
        if not alive or self.moment >= expires:
            assert status == 401
        elif token == device.refresh[-1][0]:
            assert status == 200
            assert pair["refresh_token"] not in {given for given, _ in device.refresh}
            device.used = self.moment
            device.ends = min(self.after(TTL), device.begun + timedelta(seconds=MAX_AGE))
            device.keep(pair)
        elif token == device.refresh[-2][0] and self.moment <= device.used + RETRY:
            assert status == 200
            assert pair["refresh_token"] == device.refresh[-1][0]
            device.access.append(pair["access_token"])
        else:
            assert status == 401
            device.ended = True
            self.thefts += 1

    def renew(self, token: str) -> tuple[int, dict[str, Any]]:
        return self.world.ask("POST", "/api/auth/refresh", {"refresh_token": token})

    def let_time_pass(self, seconds: int) -> None:
        self.world.clock.move(seconds)
        # Redis has a clock of its own, in which its copies would live on for a moment.
        self.world.run(self.world.let_redis_forget())

    @precondition(lambda self: self.alive)
    @rule(which=NUMBERS, scope=st.sampled_from(["local", "others", "global"]))
    def sign_out(self, which: int, scope: str) -> None:
        device = pick(self.alive, which)
        status, _ = self.world.ask("POST", "/api/auth/logout", {"scope": scope}, device.access[-1])
        assert status == 204
        for other in self.all:
            if scope == "global" or (other is device) == (scope == "local"):
                other.ended = True

    @precondition(lambda self: self.alive)
    @rule(which=NUMBERS, whom=NUMBERS)
    def revoke(self, which: int, whom: int) -> None:
        device, other = pick(self.alive, which), pick(self.all, whom)
        expected = 204 if self.is_alive(other) else 404
        path = f"/api/users/me/sessions/{other.id}"
        status, _ = self.world.ask("DELETE", path, token=device.access[-1])
        assert status == expected
        other.ended = True

    def listed(self, device: Device) -> list[dict[str, Any]]:
        status, body = self.world.ask("GET", "/api/users/me/sessions", token=device.access[-1])
        assert status == 200
        items: list[dict[str, Any]] = body["items"]
        return items

    @precondition(lambda self: self.alive)
    @rule(which=NUMBERS)
    def look_at_the_list(self, which: int) -> None:
        device = pick(self.alive, which)
        living = sorted(self.alive, key=lambda d: (d.used, d.id), reverse=True)
        listed = [(session["id"], session["current"]) for session in self.listed(device)]
        assert listed == [(other.id, other is device) for other in living]

    @rule(which=NUMBERS, token=NUMBERS)
    def come_in_with_an_access_token(self, which: int, token: int) -> None:
        self.come_in(pick(self.all, which), token)

    def come_in(self, device: Device, token: int) -> None:
        status, _ = self.world.ask("GET", "/api/users/me", token=pick(device.access, token))
        assert status == (200 if self.is_alive(device) else 401)

    @precondition(lambda self: len(self.alive) < len(self.all))
    @rule(which=NUMBERS, token=NUMBERS)
    def nothing_revives_the_dead(self, which: int, token: int) -> None:
        device = pick([d for d in self.all if not self.is_alive(d)], which)
        assert self.renew(pick(device.refresh, token)[0])[0] == 401
        status, _ = self.world.ask("POST", "/api/auth/logout", token=pick(device.access, token))
        assert status == 401

    @invariant()
    def every_theft_is_noted_and_nothing_else_is(self) -> None:
        query = "SELECT count(*) FROM audit_events WHERE event = $1 AND user_id = $2"
        noted = self.world.run(self.world.pg.fetchval(query, Event.TOKEN_REUSE, self.user_id))
        assert noted == self.thefts


@contextmanager
def world(settings: Settings) -> Iterator[World]:
    """Run the service beside a test that is no coroutine."""
    with asyncio.Runner() as runner, pytest.MonkeyPatch.context() as patch:
        world = World(runner, Clock(patch))
        runner.run(world.open(settings))
        try:
            yield world
        finally:
            runner.run(world.close())


@pytest.mark.slow
def test_sessions_follow_the_rules(postgres_url: str, tmp_path: Path) -> None:
    settings = Settings(
        data_dir=tmp_path,
        database_url=postgres_url,
        redis_url=engines.REDIS_URL,
        secret_key="kY3-for-tests-only_0123456789abcdef",
        access_token_ttl=24 * 3600,  # so that it is the session that ends, not the token
        refresh_token_ttl=TTL,
        session_max_age=MAX_AGE,
        login_limit_per_address="100000/minute",
        login_limit_per_account="100000/minute",
        user_limit="100000/minute",
    )
    Rules.password_hash = password_hash(PASSWORD)
    with world(settings) as Rules.world:
        run_state_machine_as_test(
            Rules,
            settings=hypothesis_settings(
                max_examples=samples(8, 200), stateful_step_count=25, deadline=None
            ),
        )
