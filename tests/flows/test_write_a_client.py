"""The client of docs/how-to/write-a-client.rst, against a live service."""

import asyncio
import importlib.util
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientConnectionError, ClientSession, web
from pytest_aiohttp.plugin import AiohttpServer

from tests.conftest import PASSWORD, Client, MakeClient, Person
from tests.support.clocks import Clock, MonotonicClock
from tests.support.links import confirmation_link, token_of
from tests.support.mailbox import Mailbox


def load() -> ModuleType:
    path = Path(__file__).parents[2] / "docs" / "how-to" / "client.py"
    spec = importlib.util.spec_from_file_location("documented_client", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


documented = load()


@dataclass
class Relay:
    """Stands between client and service, counts calls, and loses answers when told.

    Args:
        origin: Where the service is.
        losing: Calls whose next answer is lost on its way back.
        refusing: Calls that are answered with 503 the next time.
        seen: Every call so far.
    """

    origin: str
    losing: set[str] = field(default_factory=set)
    refusing: set[str] = field(default_factory=set)
    seen: list[str] = field(default_factory=list)
    url: str = ""

    async def pass_on(self, request: web.Request) -> web.StreamResponse:
        call = f"{request.method} {request.path}"
        self.seen.append(call)
        if call in self.refusing:
            self.refusing.remove(call)
            return web.Response(status=503, headers={"Retry-After": "0"})
        headers = {k: v for k, v in request.headers.items() if k not in ("Host", "Content-Length")}
        async with (
            ClientSession(self.origin) as http,
            http.request(
                request.method, request.path_qs, headers=headers, data=await request.read()
            ) as response,
        ):
            body = await response.read()
        if call in self.losing:
            self.losing.remove(call)
            assert request.transport is not None
            request.transport.abort()
        kept = ("etag", "retry-after", "content-type")
        passed = {k: v for k, v in response.headers.items() if k.lower() in kept}
        return web.Response(status=response.status, body=body, headers=passed)


@pytest.fixture
async def relay(origin: str, aiohttp_server: AiohttpServer) -> Relay:
    relay = Relay(origin)
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", relay.pass_on)
    server = await aiohttp_server(app)
    relay.url = str(server.make_url("/"))
    return relay


@pytest.fixture
async def book(relay: Relay, grace: Person) -> AsyncIterator[Any]:
    """The client, signed in."""
    async with documented.Contacts(relay.url) as book:
        await book.sign_in(grace.email, PASSWORD)
        yield book


async def test_the_example_of_the_page(book: Any) -> None:
    ada = await book.add(first_name="Ada", birthday="1815-12-10")
    await book.edit(ada["id"], lambda contact: {"notes": contact["notes"] + " Called."})
    found = [contact async for contact in book.find("ada")]
    assert [(contact["id"], contact["notes"]) for contact in found] == [(ada["id"], " Called.")]
    await book.remove(ada["id"])
    await book.remove(ada["id"])
    assert [contact async for contact in book.find()] == []


async def test_every_page_is_read(book: Any, grace: Person) -> None:
    added = [(await grace.add_contact(first_name=f"No {n}"))["id"] for n in range(7)]
    found = [contact["id"] async for contact in book.find(limit=3)]
    assert sorted(found) == added


async def test_many_calls_renew_the_tokens_once(book: Any, relay: Relay) -> None:
    kept: list[str] = []
    book._keep = kept.append
    book._access_token = "stale"

    await asyncio.gather(*(book.add(first_name=f"No {n}") for n in range(10)))

    assert relay.seen.count("POST /api/auth/refresh") == 1
    assert kept == [book._refresh_token]
    assert len([contact async for contact in book.find()]) == 10


async def test_a_lost_answer_signs_nobody_out(
    book: Any, relay: Relay, pg: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    Clock(monkeypatch)
    relay.losing.add("POST /api/auth/refresh")
    book._access_token = "stale"

    assert [contact async for contact in book.find()] == []

    assert relay.seen.count("POST /api/auth/refresh") == 2
    assert relay.losing == set(), "it was lost"
    stolen = "SELECT count(*) FROM audit_events WHERE event = 'authn_token_reuse'"
    assert await pg.fetchval(stolen) == 0


async def test_a_kept_refresh_token_begins_where_it_ended(relay: Relay, book: Any) -> None:
    async with documented.Contacts(relay.url, book._refresh_token) as later:
        await later.add(first_name="Ada")
    assert relay.seen.count("POST /api/auth/login") == 1


async def test_a_session_that_has_ended_is_told(book: Any, grace: Person) -> None:
    await grace.post("/api/auth/logout", json={"scope": "global"})

    with pytest.raises(documented.Problem) as raised:
        await book.add(first_name="Ada")

    assert (raised.value.status, raised.value.code) == (401, "unauthenticated")


async def test_edits_at_one_time_are_all_kept(book: Any, relay: Relay) -> None:
    contact = await book.add(first_name="Ada", notes="")
    async with documented.Contacts(relay.url) as other:
        other._access_token = book._access_token
        await asyncio.gather(
            *(
                who.edit(contact["id"], lambda contact: {"notes": contact["notes"] + "x"})
                for who in (book, other) * 3
            )
        )
    [found] = [contact async for contact in book.find()]
    assert found["notes"] == "xxxxxx"


async def test_an_e_mail_is_confirmed_by_the_link(
    relay: Relay, grace: Person, mailbox: Mailbox
) -> None:
    path = await confirmation_link(grace.client, "bob@example.com", mailbox)
    async with documented.Contacts(relay.url) as book:
        for _ in range(2):
            await book.confirm(token_of(path))
        await book.sign_in("bob@example.com", PASSWORD)


async def test_what_does_not_fit_is_named(book: Any) -> None:
    with pytest.raises(documented.Problem) as raised:
        await book.add(first_name="Ada", birthday="1815-02-30")

    assert raised.value.code == "validation_failed"
    assert [error["pointer"] for error in raised.value.errors] == ["/birthday"]
    assert raised.value.request_id in str(raised.value)


async def test_an_addition_is_never_made_twice(book: Any, relay: Relay) -> None:
    relay.losing.add("POST /api/contacts/")

    with pytest.raises(ClientConnectionError):
        await book.add(first_name="Ada")

    assert len([contact async for contact in book.find()]) == 1


async def test_what_may_be_repeated_is(book: Any, relay: Relay) -> None:
    contact = await book.add(first_name="Ada")
    calls = {"GET /api/contacts/", f"DELETE /api/contacts/{contact['id']}"}
    relay.losing |= calls

    assert len([contact async for contact in book.find()]) == 1
    await book.remove(contact["id"])

    assert relay.losing == set()
    assert all(relay.seen.count(call) == 2 for call in calls)


async def test_an_outage_is_waited_for_where_nothing_happens_twice(book: Any, relay: Relay) -> None:
    relay.refusing |= {"GET /api/contacts/", "POST /api/contacts/"}

    assert [contact async for contact in book.find()] == []
    with pytest.raises(documented.Problem) as raised:
        await book.add(first_name="Ada")

    assert (raised.value.status, raised.value.code) == (503, "unknown"), "a proxy said that"
    assert relay.seen.count("GET /api/contacts/") == 2


@pytest.fixture
async def client(make_client: MakeClient, request: pytest.FixtureRequest) -> Client:
    return await make_client(user_limit=getattr(request, "param", "100000/minute"))


@pytest.mark.parametrize("client", ["10/minute"], indirect=True)
async def test_who_is_too_fast_waits(
    book: Any, relay: Relay, monkeypatch: pytest.MonkeyPatch
) -> None:
    """More calls than the limit allows: the client comes again when it is told to."""
    clock, slept = MonotonicClock(monkeypatch), asyncio.sleep

    async def sleep(seconds: float) -> None:
        clock.now += seconds
        await slept(0)

    monkeypatch.setattr(documented, "asyncio", SimpleNamespace(**vars(asyncio) | {"sleep": sleep}))
    await asyncio.gather(*(book.add(first_name=f"No {n}") for n in range(14)))

    assert relay.seen.count("POST /api/contacts/") > 14, "some were refused"
    assert len([contact async for contact in book.find()]) == 14
