"""Every request is counted once, however it ends, and no caller can make the labels many."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from contactsvc.platform.metrics import render
from contactsvc.web.middleware.metrics import metrics
from tests.support.scrapes import Scrape
from tests.support.waiting import PATIENCE

ACTIVE = "http_server_active_requests"
COUNT = "http_server_request_duration_seconds_count"

REACHED = web.AppKey("REACHED", asyncio.Event)
GO_ON = web.AppKey("GO_ON", asyncio.Event)


pytestmark = pytest.mark.usefixtures("no_requests_yet")


async def answer(request: web.Request) -> web.Response:
    return web.Response(status=int(request.match_info["status"]))


async def break_down(_: web.Request) -> web.Response:
    raise RuntimeError


async def leave_early(_: web.Request) -> web.Response:
    raise web.HTTPSeeOther("/elsewhere")


async def wait(request: web.Request) -> web.Response:
    request.app[REACHED].set()
    await request.app[GO_ON].wait()
    return web.Response(status=int(request.query["status"]))


async def give_up(_: web.Request) -> web.Response:
    raise asyncio.CancelledError


class Server:
    """The middleware alone, served as the service is."""

    def __init__(self) -> None:
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        app = web.Application(middlewares=[metrics])
        app[REACHED], app[GO_ON] = self.reached, self.go_on
        app.router.add_route("*", "/answers/{status}", answer)
        app.router.add_route("*", "/answers/{status}/", answer)
        app.router.add_get("/broken", break_down)
        app.router.add_get("/early", leave_early)
        app.router.add_get("/waiting", wait)
        app.router.add_get("/given-up", give_up)
        self.runner = web.AppRunner(app)

    async def start(self) -> None:
        await self.runner.setup()
        await web.TCPSite(self.runner, "127.0.0.1", 0).start()

    @asynccontextmanager
    async def sent(self, method: str, path: str) -> AsyncIterator[None]:
        """Send a request and hold the connection open; no client library takes any method."""
        _, writer = await asyncio.open_connection(*self.runner.addresses[0])
        try:
            writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
            yield
        finally:
            writer.close()
            await writer.wait_closed()

    async def is_left_alone(self) -> None:
        """Wait until the server has noticed that nobody is connected."""
        assert self.runner.server is not None
        async with asyncio.timeout(PATIENCE):
            while any(handler.transport for handler in self.runner.server.connections):
                await asyncio.sleep(0.005)  # nothing tells


@pytest.fixture
async def server() -> AsyncIterator[Server]:
    server = Server()
    await server.start()
    yield server
    server.go_on.set()
    await server.runner.cleanup()


def scraped() -> Scrape:
    return Scrape(render().decode())


async def counted(before: Scrape, **labels: object) -> None:
    """Wait until one request more has been counted under these labels."""
    async with asyncio.timeout(PATIENCE):
        while scraped().value(COUNT, **labels) != before.value(COUNT, **labels) + 1:
            await asyncio.sleep(0.005)  # nothing tells that a request is over
    assert scraped().value(COUNT) == before.value(COUNT) + 1
    assert scraped().value(ACTIVE) == before.value(ACTIVE)


@pytest.mark.parametrize(
    ("method", "path", "labels"),
    [
        ("GET", "/answers/200", ("GET", "/answers/{status}", 200)),
        ("GET", "/answers/200/", ("GET", "/answers/{status}", 200)),
        ("HEAD", "/answers/204?secret=1", ("HEAD", "/answers/{status}", 204)),
        ("DELETE", "/answers/503", ("DELETE", "/answers/{status}", 503)),
        ("PROPFIND", "/answers/207", ("PROPFIND", "/answers/{status}", 207)),
        ("PURGE", "/answers/418", ("other", "/answers/{status}", 418)),
        ("TRACE", "/answers/201", ("other", "/answers/{status}", 201)),
        ("GET", "/nowhere/at/all", ("GET", "(no route)", 404)),
        ("LOCK", "/nowhere", ("other", "(no route)", 404)),
        ("POST", "/broken", ("POST", "(no route)", 405)),
        ("GET", "/broken", ("GET", "/broken", 500)),
        ("GET", "/early", ("GET", "/early", 303)),
        ("GET", "/given-up", ("GET", "/given-up", 499)),
    ],
)
async def test_a_request_is_counted_once(
    server: Server, method: str, path: str, labels: tuple[str, str, int]
) -> None:
    before = scraped()

    async with server.sent(method, path):
        await counted(before, **dict(zip(("method", "route", "status"), labels, strict=True)))


@pytest.mark.parametrize(("answer", "status"), [(200, 499), (404, 499), (500, 500), (503, 503)])
async def test_who_has_gone_hears_of_no_answer_but_a_failure_stays_one(
    server: Server, answer: int, status: int
) -> None:
    before = scraped()
    async with server.sent("GET", f"/waiting?status={answer}"):
        await server.reached.wait()
        assert scraped().value(ACTIVE) == before.value(ACTIVE) + 1

    await server.is_left_alone()
    server.go_on.set()

    await counted(before, route="/waiting", status=status)


async def test_a_request_takes_as_long_as_its_answer_does(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, moment = scraped(), 1000.0
    module = sys.modules["contactsvc.web.middleware.metrics"]  # its package has a function so named
    monkeypatch.setattr(module, "perf_counter", lambda: moment)
    async with server.sent("GET", "/waiting?status=200"):
        await server.reached.wait()
        moment += 0.2
        server.go_on.set()
        await counted(before, route="/waiting", status=200)

    name = "http_server_request_duration_seconds"
    took = scraped().value(f"{name}_sum") - before.value(f"{name}_sum")
    assert took == pytest.approx(0.2)
    short = {"route": "/waiting", "status": 200, "le": 0.1}
    assert scraped().value(f"{name}_bucket", **short) == before.value(f"{name}_bucket", **short)
