"""Breached passwords are asked for by five digits, in a second, and never in the way."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from hashlib import sha1

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from contactsvc.accounts.security.breaches import BODY_MAX_SIZE, BreachCheck
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.platform.errors import ValidationFailed
from tests.conftest import MakeClient, pointers
from tests.support.loop_clock import LoopClock
from tests.support.waiting import PATIENCE

GOOD = "seven quiet otters, 1904"
DIGITS = sha1(GOOD.encode()).hexdigest().upper()
PREFIX, SUFFIX = DIGITS[:5], DIGITS[5:]
OTHER = "0" * 35
HOUR = 3600.0

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@asynccontextmanager
async def ranges(answer: Answer) -> AsyncIterator[BreachCheck]:
    """A server of ranges that answers so, and who asks it."""
    app = web.Application()
    app.router.add_get("/range/{prefix}", answer)
    async with TestServer(app) as server:
        check = BreachCheck(str(server.make_url("/range/")), timeout=HOUR)
        try:
            yield check
        finally:
            check.close()


def text(body: str) -> Answer:
    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=body)

    return answer


async def test_five_digits_are_sent_and_no_more() -> None:
    seen: list[web.Request] = []

    async def answer(request: web.Request) -> web.Response:
        seen.append(request)
        return web.Response(text=f"{OTHER}:3\r\n{SUFFIX}:12\r\n")

    async with ranges(answer) as check:
        assert await check.holds(GOOD)

    [request] = seen
    assert request.path == f"/range/{PREFIX}"
    assert request.headers["Add-Padding"] == "true"
    sent = f"{request.raw_headers}{request.rel_url}"
    assert GOOD not in sent
    assert SUFFIX.lower() not in sent.lower()


async def test_what_an_answer_means(subtests: pytest.Subtests) -> None:
    for body, held in [
        ("", False),
        (f"{OTHER}:9", False),
        (f"{SUFFIX.lower()}:1\n", True),
        (f"{SUFFIX}:0\r\n{OTHER}:5", False),  # padding
        (f"{SUFFIX}:{'9' * 5000}", True),  # more digits than int() takes
        ("<html>\n\x00nonsense:::\n", False),
    ]:
        with subtests.test(body=body):
            async with ranges(text(body)) as check:
                assert await check.holds(GOOD) is held


async def test_whatever_goes_wrong_the_password_is_taken_and_a_line_logged(
    caplog: pytest.LogCaptureFixture, subtests: pytest.Subtests
) -> None:
    async def refusing(_: web.Request) -> web.Response:
        return web.Response(status=429, text=f"{SUFFIX}:1")

    async def elsewhere(_: web.Request) -> web.Response:
        raise web.HTTPFound("/range/other")

    async def breaking(request: web.Request) -> web.Response:
        assert request.transport is not None
        request.transport.abort()
        return web.Response()

    answers = {
        "refused": refusing,
        "redirected": elsewhere,
        "broken off": breaking,
        "too long": text("x" * (BODY_MAX_SIZE + 1)),
    }
    for name, answer in answers.items():
        with subtests.test(name):
            caplog.clear()
            async with ranges(answer) as check:
                assert await check.holds(GOOD) is False
            told(caplog)
    with subtests.test("nobody there"):
        caplog.clear()
        check = BreachCheck("http://127.0.0.1:1/range/")
        assert await check.holds(GOOD) is False
        check.close()
        told(caplog)


async def test_nobody_waits_for_a_silent_server(caplog: pytest.LogCaptureFixture) -> None:
    clock, begun, over = LoopClock(), asyncio.Event(), asyncio.Event()

    async def silent(_: web.Request) -> web.Response:
        begun.set()
        await over.wait()
        return web.Response(text=f"{SUFFIX}:1")

    async with ranges(silent) as check:
        asking = asyncio.create_task(check.holds(GOOD))
        await begun.wait()
        clock.move(HOUR)
        async with asyncio.timeout(PATIENCE):
            assert await asking is False
        over.set()
    told(caplog)


async def test_the_service_waits_for_a_second() -> None:
    check = BreachCheck("http://127.0.0.1:1/range/")
    check.close()

    assert check._timeout == 1


async def drip(request: web.Request) -> web.StreamResponse:
    """Answer for ever; no single read takes long."""
    response = web.StreamResponse()
    await response.prepare(request)
    while True:
        await response.write(b"0")
        await asyncio.sleep(0.005)


@pytest.mark.parametrize("ends", ["gives up", "waits too long"])
async def test_a_server_that_draws_its_answer_out_keeps_no_thread(ends: str) -> None:
    clock, begun, left = LoopClock(), asyncio.Event(), asyncio.Event()

    async def noted(request: web.Request) -> web.StreamResponse:
        begun.set()
        try:
            return await drip(request)
        finally:
            left.set()

    async with ranges(noted) as check:
        asking = asyncio.create_task(check.holds(GOOD))
        await begun.wait()
        if ends == "gives up":
            asking.cancel()
        else:
            clock.move(HOUR)
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([asking])
            await left.wait()
    assert asking.cancelled() or asking.result() is False


def told(caplog: pytest.LogCaptureFixture) -> None:
    [line] = [
        record
        for record in caplog.records
        if record.name == "contactsvc.accounts.security.breaches"
    ]
    assert line.levelname == "WARNING"
    assert "not looked up" in line.getMessage()
    for secret in (GOOD, PREFIX, SUFFIX):
        assert secret not in line.getMessage()


async def test_nobody_is_asked_about_what_is_refused_anyway() -> None:
    asked = 0

    async def answer(_: web.Request) -> web.Response:
        nonlocal asked
        asked += 1
        return web.Response(text=f"{SUFFIX}:1")

    async with ranges(answer) as check:
        policy = PasswordPolicy(12, breaches=check)
        with pytest.raises(ValidationFailed):
            await policy.check("short", "/password")
        with pytest.raises(ValidationFailed):
            await policy.check("password1234", "/password")
        assert asked == 0
        with pytest.raises(ValidationFailed) as refusal:
            await policy.check(GOOD, "/password")
        assert asked == 1
    assert "data breach" in refusal.value.errors[0].detail


async def test_the_setting_reaches_registration(make_client: MakeClient) -> None:
    app = web.Application()
    app.router.add_get("/range/{prefix}", text(f"{SUFFIX}:7"))
    async with TestServer(app) as server:
        client = await make_client(password_breach_check=str(server.make_url("/range")))
        body = {"email": "ada@example.com", "password": GOOD}
        refused = await client.post("/api/auth/register", json=body)
        accepted = await client.post("/api/auth/register", json=body | {"password": GOOD + "!"})

    assert await pointers(refused) == {"/password"}
    assert accepted.status == 201
