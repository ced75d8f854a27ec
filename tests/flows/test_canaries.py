"""Secrets that are easy to recognise go through every flow, and turn up nowhere."""

import base64
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, quote_plus, urlsplit

import asyncpg
import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from contactsvc.app import create_app
from contactsvc.assembly import assemble, services_of
from contactsvc.platform.settings import Settings
from contactsvc.web.middleware.access_log import AccessLog
from tests.conftest import Client
from tests.support.links import token_of
from tests.support.mailbox import Mailbox, link, text

EMAIL, NEW_EMAIL = "canary@example.com", "canary2@example.com"
PASSWORD = "yellow canary perched on cable 1"
CHANGED = "yellow canary perched on cable 2"
RESET = "yellow canary perched on cable 3"
WRONG = "yellow canary perched on cable 4"
WEAK = "canarycanary"


class LogOfEverything(logging.Handler):
    """Keeps each record as a formatter would show it, and all that is attached to it."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.lines: list[str] = []
        self.loggers: set[str] = set()

    def emit(self, record: logging.LogRecord) -> None:
        self.loggers.add(record.name)
        self.lines.append(f"{logging.Formatter().format(record)} {vars(record)}")


@contextmanager
def everything_logged() -> Iterator[LogOfEverything]:
    """Let every logger that there is, and will be, tell all it can tell."""
    handler, root = LogOfEverything(), logging.getLogger()
    known = [logging.getLogger(name) for name in logging.root.manager.loggerDict]
    before = {logger: (logger.level, logger.propagate) for logger in (root, *known)}
    for logger in known:
        logger.setLevel(logging.NOTSET)
        logger.propagate = True
    root.setLevel(logging.DEBUG)
    root.addHandler(handler)
    try:
        yield handler
    finally:
        root.removeHandler(handler)
        for logger, (level, propagate) in before.items():
            logger.setLevel(level)
            logger.propagate = propagate


@dataclass
class Probe:
    """A service, the secrets that were told it or by it, and every place where one could lie."""

    client: Client
    pg: asyncpg.Connection
    log: LogOfEverything
    canaries: set[str]
    answers: list[tuple[int, str, str]] = field(default_factory=list)
    stored: list[str] = field(default_factory=list)

    async def call(self, method: str, path: str, status: int, **kwargs: Any) -> ClientResponse:
        """Send a request, and note the answer and everything that is stored after it."""
        response = await self.client.request(method, path, **kwargs)
        body = await response.text()
        assert response.status == status, (method, path, body)
        self.answers.append((response.status, str(response.raw_headers), body))
        self.stored += [*await self._tables(), *await self._redis()]
        return response

    async def tokens(self, path: str, **body: str) -> dict[str, Any]:
        """Get a pair of tokens."""
        pair: dict[str, Any] = await (await self.call("POST", path, 200, json=body)).json()
        for kind in ("access_token", "refresh_token"):
            self.canaries |= {pair[kind], pair[kind].rpartition(".")[2]}
        return pair

    async def _tables(self) -> list[str]:
        names = await self.pg.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = [await self.pg.fetch(f'SELECT t::text FROM "{name}" t') for (name,) in names]
        return [row for table in rows for (row,) in table]

    async def _redis(self) -> list[str]:
        redis = services_of(self.client.app).cache._redis
        found = []
        async for key in redis.scan_iter():
            assert await redis.type(key) == b"string", "looked at in no other way"
            found += [f"{key!r}", f"{await redis.get(key)!r}"]
        return found


@pytest.fixture
async def probe(settings: Settings, pg: asyncpg.Connection) -> AsyncIterator[Probe]:
    """A service that logs as the real one does, which test servers do not."""
    with everything_logged() as log:
        server = TestServer(create_app(assemble(settings)))
        await server.start_server(access_log_class=AccessLog)
        async with TestClient(server) as client:
            yield Probe(client, pg, log, {PASSWORD, CHANGED, RESET, WRONG, WEAK})


def bearer(tokens: dict[str, Any]) -> dict[str, str]:
    return {"Authorization": f"Bearer {tokens['access_token']}"}


async def newest_link(probe: Probe, mailbox: Mailbox, email: str) -> str:
    """Return the path of a mailed link, whose token is a canary from now on."""
    path = await mailbox.link(email)
    probe.canaries.add(token_of(path))
    return path


async def a_whole_life(probe: Probe, mailbox: Mailbox) -> None:
    """Go through every flow that is told a secret or tells one, with its mistakes."""
    await confirm_and_sign_in(probe, mailbox)
    await change_the_password(probe, mailbox)
    await reset_the_password(probe, mailbox)
    await make_an_app_password(probe, mailbox)
    await make_a_birthday_calendar(probe)
    tokens = await change_the_email(probe, mailbox)
    me = "/api/users/me"
    await probe.call("DELETE", me, 401, json={"password": WRONG}, headers=bearer(tokens))
    await probe.call("DELETE", me, 204, json={"password": RESET}, headers=bearer(tokens))


async def confirm_and_sign_in(probe: Probe, mailbox: Mailbox) -> None:
    account = {"email": EMAIL, "password": PASSWORD}
    register, login = "/api/auth/register", "/api/auth/login"
    await probe.call("POST", register, 422, json=account | {"password": WEAK})
    await probe.call("POST", register, 422, json=account | {"passwort": PASSWORD})
    await probe.call("POST", register, 201, json=account)
    path = await newest_link(probe, mailbox, EMAIL)
    await probe.call("POST", login, 403, json=account)
    await probe.call("POST", f"{path}x", 400)
    await probe.call("GET", path.replace("confirmed_email", "confirm_update_password"), 400)
    await probe.call("GET", path, 200, headers={"Accept": "text/html"})
    await probe.call("DELETE", path, 405)
    await probe.call("POST", path, 200)
    await probe.call("POST", login, 401, json=account | {"password": WRONG})
    # As people do who are in the wrong field, or in the wrong place.
    await probe.call("POST", login, 401, json={"email": PASSWORD, "password": EMAIL})
    await probe.call("POST", login, 400, data=f'{{"password": "{PASSWORD}"'.encode(),
                    headers={"Content-Type": "application/json"})  # fmt: skip
    await probe.call("POST", login, 422, json=account, params={"password": PASSWORD})
    form = {"username": EMAIL, "password": PASSWORD}
    await probe.call("POST", login, 200, data=form)
    await probe.tokens(login, **account)


async def change_the_password(probe: Probe, mailbox: Mailbox) -> None:
    tokens = await probe.tokens("/api/auth/login", email=EMAIL, password=PASSWORD)
    body = {"current_password": PASSWORD, "new_password": CHANGED}
    path = "/api/users/me/password"
    for status, change in [(422, {"new_password": WEAK}), (401, {"current_password": WRONG})]:
        await probe.call("PUT", path, status, json=body | change, headers=bearer(tokens))
    await probe.call("PUT", path, 204, json=body, headers=bearer(tokens))
    await probe.call("GET", "/api/users/me", 401, headers=bearer(tokens))
    await probe.tokens("/api/auth/refresh", refresh_token=tokens["refresh_token"])
    await mailbox.next(EMAIL)  # the notice


async def reset_the_password(probe: Probe, mailbox: Mailbox) -> None:
    tokens = await probe.tokens("/api/auth/login", email=EMAIL, password=CHANGED)
    await probe.call("POST", "/api/auth/update_password", 202, json={"email": EMAIL})
    path = await newest_link(probe, mailbox, EMAIL)
    html = {"Accept": "text/html"}
    await probe.call("GET", path, 200)
    await probe.call("GET", path, 200, headers=html)
    await probe.call("POST", path, 422, data={"password": WEAK}, headers=html)
    await probe.call("POST", path, 422, json={"password": RESET, "again": RESET})
    await probe.call("POST", path, 200, data={"password": RESET}, headers=html)
    await probe.call("POST", path, 400, json={"password": RESET})
    refresh = {"refresh_token": tokens["refresh_token"]}
    await probe.call("POST", "/api/auth/refresh", 401, json=refresh)
    await probe.call("GET", "/api/users/me", 401, headers=bearer(tokens))
    await mailbox.next(EMAIL)  # the notice


async def make_an_app_password(probe: Probe, mailbox: Mailbox) -> None:
    tokens = await probe.tokens("/api/auth/login", email=EMAIL, password=RESET)
    path = "/api/users/me/app_passwords"
    made = await probe.call("POST", path, 201, json={"name": "Phone"}, headers=bearer(tokens))
    password = (await made.json())["password"]
    probe.canaries |= {password, password.replace("-", "")}
    program = {"Authorization": f"Bearer {password}"}
    await probe.call("GET", "/api/tags/", 200, headers=program)
    await probe.call("GET", "/api/users/me", 403, headers=program)
    await probe.call("GET", path, 200, headers=bearer(tokens))
    await probe.call("DELETE", f"{path}/{(await made.json())['id']}", 204, headers=bearer(tokens))
    await probe.call("GET", "/api/tags/", 401, headers=program)
    await mailbox.next(EMAIL)  # the notice


async def make_a_birthday_calendar(probe: Probe) -> None:
    tokens = await probe.tokens("/api/auth/login", email=EMAIL, password=RESET)
    path = "/api/users/me/birthday_feed"
    made = await probe.call("POST", path, 201, headers=bearer(tokens))
    calendar = urlsplit((await made.json())["url"]).path
    secret = calendar.removeprefix("/api/birthdays/").removesuffix(".ics")
    probe.canaries |= {secret, secret.replace("-", "")}
    await probe.call("GET", calendar, 200)
    await probe.call("GET", f"{calendar}?x=1", 422)
    await probe.call("POST", calendar, 405)
    await probe.call("GET", f"{calendar}x", 404)
    await probe.call("DELETE", path, 204, headers=bearer(tokens))
    await probe.call("GET", calendar, 404)


async def change_the_email(probe: Probe, mailbox: Mailbox) -> dict[str, Any]:
    tokens = await probe.tokens("/api/auth/login", email=EMAIL, password=RESET)
    body = {"email": NEW_EMAIL, "password": RESET}
    path = "/api/users/me/email"
    await probe.call("POST", path, 401, json=body | {"password": WRONG}, headers=bearer(tokens))
    await probe.call("POST", path, 202, json=body, headers=bearer(tokens))
    await probe.call("POST", await newest_link(probe, mailbox, NEW_EMAIL), 200)
    return await probe.tokens("/api/auth/login", **body)


def forms(canary: str) -> set[str]:
    """Return how a secret could be written down so that anybody can read it back."""
    raw = canary.encode()
    coded = base64.b64encode(raw).decode().rstrip("=")
    return {canary, repr(canary)[1:-1], quote(canary), quote_plus(canary), raw.hex(), coded}


def finds(canaries: set[str], texts: list[str]) -> list[str]:
    """Return the texts in which a secret can be read."""
    wanted = {form for canary in canaries for form in forms(canary)}
    return [text for text in texts if any(form in text for form in wanted)]


@pytest.mark.slow
async def test_a_secret_turns_up_nowhere_but_where_it_belongs(
    probe: Probe, mailbox: Mailbox
) -> None:
    await a_whole_life(probe, mailbox)
    log, stored = probe.log, probe.stored
    passwords = {PASSWORD, CHANGED, RESET, WRONG, WEAK}
    links = {token_of(link(mail)) for mail in mailbox.all() if "/api/auth/" in text(mail)}

    assert len(probe.canaries) > 20
    assert finds(probe.canaries | {EMAIL}, log.lines) == [], "nobody is named there either"
    assert finds(probe.canaries, stored) == []
    assert finds(probe.canaries, [body for status, _, body in probe.answers if status >= 400]) == []
    assert finds(probe.canaries, [headers for _, headers, _ in probe.answers]) == []
    assert finds(passwords | links, [body for _, _, body in probe.answers]) == []
    assert finds(probe.canaries - links, [mail.as_string() for mail in mailbox.all()]) == []
    it_was_looked_for_everywhere(probe, mailbox)


def it_was_looked_for_everywhere(probe: Probe, mailbox: Mailbox) -> None:
    """Assert that what was looked at is every table, key, logger, answer and mail."""
    assert {"aiohttp.access", "tortoise.db_client"} <= probe.log.loggers
    assert any(name.startswith("contactsvc.") for name in probe.log.loggers)
    tables = "\n".join(probe.stored)
    for seen in (EMAIL, "$argon2id$", "authn_login_fail", "password_changed", "user:{", "live"):
        assert seen in tables, seen
    assert finds({EMAIL}, [body for _, _, body in probe.answers])
    assert len(mailbox.all()) >= 6


def test_the_search_for_secrets_would_find_one() -> None:
    for form in forms(PASSWORD):
        assert finds({PASSWORD}, [f"x{form}x"])
