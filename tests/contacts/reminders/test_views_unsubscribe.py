"""The link in a reminder: a mail program ends them with one click, and a scanner does not."""

from typing import Any

import asyncpg
import orjson
import pytest
from aiohttp import FormData, MultipartWriter

from contactsvc.assembly import services_of
from contactsvc.contacts.reminders.unsubscribe_tokens import UnsubscribeTokens
from contactsvc.platform.keyring import Keyring
from contactsvc.platform.redis.throttle import Policy
from tests.conftest import Client, MakeClient, MakePerson, Person, problem
from tests.contacts.reminders.support import KYIV, put
from tests.support.clocks import MonotonicClock

SECRET_KEY = "kY3-for-tests-only_0123456789abcdef"
EVENTS = "SELECT * FROM audit_events WHERE event = 'user_updated'"
HTML = {"Accept": "text/html"}
JSON = {"Accept": "application/json"}


@pytest.fixture
async def link(grace: Person, pg: asyncpg.Connection) -> str:
    """The path of the link in Grace's mails."""
    await put(grace, **KYIV)
    return link_of(await pg.fetchval("SELECT id FROM users"))


def link_of(user_id: int) -> str:
    token = UnsubscribeTokens(Keyring(SECRET_KEY)).issue(user_id)
    return f"/api/birthdays/unsubscribe/{token}"


async def is_enabled(pg: asyncpg.Connection) -> bool:
    row = await pg.fetchrow("SELECT enabled, next_due_at FROM birthday_reminders")
    enabled: bool = row["enabled"]
    assert enabled is (row["next_due_at"] is not None)
    return enabled


def multipart() -> MultipartWriter:
    form = FormData({"List-Unsubscribe": "One-Click"}, default_to_multipart=True)
    body = form()
    assert isinstance(body, MultipartWriter)
    return body


@pytest.mark.parametrize(
    "click",
    [
        {"data": {"List-Unsubscribe": "One-Click"}},
        {"data": multipart},
        {"data": b""},
        {"json": {}},
        {"data": b"\0" * 5000, "headers": {"Content-Type": "image/png", "Accept": "text/plain"}},
        {"data": {"List-Unsubscribe": "One-Click"}, "params": {"utm_source": "mail"}},
    ],
)
async def test_one_click_ends_them(
    client: Client, link: str, pg: asyncpg.Connection, click: dict[str, Any]
) -> None:
    click = {name: value() if callable(value) else value for name, value in click.items()}

    response = await client.post(link, **click, allow_redirects=False)

    assert (response.status, await response.json()) == (200, {"status": "unsubscribed"})
    assert not await is_enabled(pg)


async def test_it_is_noted_once_however_often_it_is_clicked(
    client: Client, link: str, pg: asyncpg.Connection
) -> None:
    for _ in range(3):
        assert (await client.post(link)).status == 200

    [event] = await pg.fetch(EVENTS)
    user_id = await pg.fetchval("SELECT id FROM users")
    assert (event["user_id"], event["actor_id"], event["ip"]) == (user_id, None, "127.0.0.1")
    assert orjson.loads(event["data"]) == {"by": "link", "birthday_reminder": False}


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize("accept", ["*/*", "text/html", "application/json", "image/png"])
async def test_to_follow_the_link_ends_nothing(
    client: Client, link: str, pg: asyncpg.Connection, method: str, accept: str
) -> None:
    headers = {"Accept": accept, "User-Agent": "a scanner"}
    response = await client.request(method, link, headers=headers, params={"utm": "x"})

    assert response.status == 200
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert response.headers["Cache-Control"] == "no-store"
    assert response.content_type == ("application/json" if "json" in accept else "text/html")
    assert await is_enabled(pg)


async def test_a_person_is_asked_and_told(
    client: Client, link: str, pg: asyncpg.Connection
) -> None:
    asked = await (await client.get(link, headers=HTML)).text()
    assert '<form method="post">' in asked
    assert "example.com" not in asked, "who forwards a mail does not tell whose it was"

    told = await (await client.post(link, headers=HTML, data={})).text()
    assert "<h1>No more birthday reminders</h1>" in told
    assert not await is_enabled(pg)
    assert await (await client.get(link, headers=JSON)).json() == {"status": "valid"}


async def test_the_rest_of_the_setting_stays_and_may_be_enabled_again(
    grace: Person, link: str, pg: asyncpg.Connection
) -> None:
    await grace.client.post(link)

    row = dict(await pg.fetchrow("SELECT * FROM birthday_reminders"))
    assert {name: row[name] for name in KYIV} == KYIV | {"enabled": False}
    await put(grace, **KYIV)
    assert await is_enabled(pg)
    await grace.client.post(link)
    assert not await is_enabled(pg)


async def test_nobody_elses_are_ended(
    client: Client, link: str, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    ada = await make_person("ada@example.com")
    await put(ada, **KYIV)

    await client.post(link)

    enabled = await pg.fetch("SELECT enabled FROM birthday_reminders ORDER BY owner_id")
    assert [row["enabled"] for row in enabled] == [False, True]


async def test_a_link_tells_nothing_of_whether_there_is_an_account(client: Client) -> None:
    link = link_of(404)
    assert (await client.get(link)).status == 200
    response = await client.post(link)
    assert (response.status, await response.json()) == (200, {"status": "unsubscribed"})


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_made_up_link_does_nothing(
    client: Client, link: str, pg: asyncpg.Connection, method: str
) -> None:
    for token in ("x", "x" * 32, link[-32:].swapcase(), "\u00e9"):
        broken = link[:-32] + token
        await problem(await client.request(method, broken), 400, "invalid_token")
        page = await client.request(method, broken, headers=HTML)
        assert (page.status, page.content_type) == (400, "text/html")
    assert await is_enabled(pg)


async def test_one_address_may_click_so_often(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    MonotonicClock(monkeypatch)  # the minute does not end meanwhile
    client = await make_client(secret_key=SECRET_KEY)
    throttle = services_of(client.app).throttle
    for _ in range(300):
        await throttle.hit(Policy.UNSUBSCRIBE, "127.0.0.1")

    body = await problem(await client.post(link_of(1)), 429, "rate_limited")
    assert "unsubscribe" not in body["detail"]
    assert (await client.get(link_of(1))).status == 200
