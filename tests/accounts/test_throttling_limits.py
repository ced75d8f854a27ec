"""Whoever tries too often has to wait: the longer, the longer they go on, and never for ever."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
import pytest
from aiohttp import ClientResponse

from contactsvc.assembly import services_of
from contactsvc.platform.redis.circuit_breaker import RESET_TIMEOUT
from tests.conftest import PASSWORD, Client, MakeClient, MakePerson, Person, problem
from tests.support.clocks import MonotonicClock, let_time_pass
from tests.support.mailbox import Mailbox
from tests.support.redis_server import RedisServer

GRACE = "grace@example.com"
NEW = "quite another battery staple"
LONG = "3/5minutes"
"""A limit whose window does not end while a test runs."""

MAIL_CALLS = ["register", "request_email", "update_password"]


async def login(
    client: Client, email: str = GRACE, password: str = "wrong", **headers: str
) -> ClientResponse:
    body = {"email": email, "password": password}
    return await client.post("/api/auth/login", json=body, headers=headers)


async def statuses(client: Client, tries: int, email: str = GRACE, **headers: str) -> list[int]:
    """Try wrong passwords one after the other."""
    return [(await login(client, email, **headers)).status for _ in range(tries)]


LetTimePass = Callable[[Client, float], Awaitable[None]]


@pytest.fixture
def let_seconds_pass(monkeypatch: pytest.MonkeyPatch) -> LetTimePass:
    """Make older, by so many seconds, what the service of a client has counted."""
    clock = MonotonicClock(monkeypatch)

    async def let(client: Client, seconds: float) -> None:
        clock.now += seconds
        await let_time_pass(services_of(client.app).cache._redis, seconds)

    return let


async def ask_for_mail(client: Client, call: str, email: str, **headers: str) -> ClientResponse:
    body = {"email": email} | ({"password": PASSWORD} if call == "register" else {})
    return await client.post(f"/api/auth/{call}", json=body, headers=headers)


async def limited(response: ClientResponse, policy: str, limit: int, window: int) -> dict[str, Any]:
    """Assert that an answer is 429 by this limit, with all its headers, and return its body."""
    body = await problem(response, 429, "rate_limited")
    headers = response.headers
    wait = int(headers["Retry-After"])
    assert 1 <= wait <= window
    assert headers["RateLimit"] == f'"{policy}";r=0;t={wait}'
    assert headers["RateLimit-Policy"] == f'"{policy}";q={limit};w={window}'
    return body


async def test_one_account_may_be_tried_so_often(make_client: MakeClient) -> None:
    client = await make_client(login_limit_per_account=LONG)
    assert await statuses(client, 3) == [401] * 3

    await limited(await login(client), "login-account", limit=3, window=300)

    assert await statuses(client, 1, "ada@example.com") == [401]


@pytest.mark.parametrize("spelling", ["Grace@Example.COM", " grace@example.com "])
async def test_spellings_of_one_account_count_together(
    make_client: MakeClient, spelling: str
) -> None:
    client = await make_client(login_limit_per_account=LONG)
    assert await statuses(client, 3) == [401] * 3
    assert await statuses(client, 1, spelling) == [429]


async def test_the_form_counts_with_json(make_client: MakeClient) -> None:
    client = await make_client(login_limit_per_account=LONG)
    assert await statuses(client, 3) == [401] * 3
    form = {"grant_type": "password", "username": GRACE, "password": PASSWORD}
    response = await client.post("/api/auth/login", data=form)
    await limited(response, "login-account", limit=3, window=300)


async def test_a_throttled_email_tells_nothing_about_its_account(
    make_client: MakeClient, make_person: MakePerson, let_seconds_pass: LetTimePass
) -> None:
    client = await make_client(login_limit_per_account="1/5minutes")
    await make_person(GRACE, client=client)
    answers = []
    for email in (GRACE, "nobody@example.com"):
        await login(client, email)
        await let_seconds_pass(client, -60)  # the wait is the whole window, however slow this is
        # The same time for both, even if the right password would be in one of them.
        response = await login(client, email, PASSWORD, **{"X-Request-ID": "same"})
        kept = {name: value for name, value in response.headers.items() if name != "Date"}
        answers.append((response.status, kept, await response.read()))

    assert answers[0] == answers[1]
    assert answers[0][0] == 429


async def test_the_right_password_is_let_in_when_the_wait_is_over(
    make_client: MakeClient, make_person: MakePerson, let_seconds_pass: LetTimePass
) -> None:
    client = await make_client(login_limit_per_account="2/hour")
    grace = await make_person(GRACE, client=client)
    assert await statuses(client, 2) == [401] * 2
    response = await login(client, password=PASSWORD)
    await limited(response, "login-account", limit=2, window=3600)

    # Whether Retry-After is true can only be seen by doing as it says.
    await let_seconds_pass(client, int(response.headers["Retry-After"]))

    await grace.sign_in()


async def test_the_wait_grows_with_persistence(
    make_client: MakeClient, let_seconds_pass: LetTimePass
) -> None:
    client = await make_client(login_limit_per_account="1/hour")
    # Many at once: those refused do not count towards the longer wait.
    answers = await asyncio.gather(*(login(client) for _ in range(8)))
    assert sorted(answer.status for answer in answers) == [401] + [429] * 7
    await let_seconds_pass(client, 3600)  # the first wait
    assert await statuses(client, 1) == [401]

    await limited(await login(client), "login-account", limit=2, window=6 * 3600)


async def test_success_sets_the_account_back_but_not_the_address(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    client = await make_client(login_limit_per_account=LONG, login_limit_per_address="6/5minutes")
    mallory = await make_person("mallory@example.com", client=client)
    assert await statuses(client, 2, mallory.email) == [401] * 2
    await mallory.sign_in()
    assert await statuses(client, 2, mallory.email) == [401] * 2

    # Six tries came from here by now; the owner of an account cannot forgive himself the others.
    response = await login(client, mallory.email, PASSWORD)
    await limited(response, "login-address", limit=6, window=300)


@pytest.mark.parametrize("spelling", [GRACE, "Grace@example.com"])
async def test_a_reset_lets_the_owner_in_at_once(
    make_client: MakeClient, make_person: MakePerson, mailbox: Mailbox, spelling: str
) -> None:
    """Or whoever guesses at an account would keep its owner out, too."""
    client = await make_client(login_limit_per_account=LONG)
    grace = await make_person(spelling, client=client)
    assert await statuses(client, 3) == [401] * 3
    await limited(await login(client, password=PASSWORD), "login-account", limit=3, window=300)
    await ask_for_mail(client, "update_password", GRACE)
    path = await mailbox.link(spelling)

    refused = await client.post(path, json={"password": "short"})
    assert refused.status == 422
    assert await statuses(client, 1) == [429], "only a reset that succeeds"
    assert (await client.post(path, json={"password": NEW})).status == 200

    await grace.sign_in(NEW)
    assert await statuses(client, 3) == [401] * 3, "and from then on as ever"
    await limited(await login(client), "login-account", limit=3, window=300)


@pytest.mark.parametrize("call", MAIL_CALLS)
async def test_one_mailbox_gets_so_many_mails(make_client: MakeClient, call: str) -> None:
    client = await make_client(mail_limit_per_account="1/5minutes")
    assert (await ask_for_mail(client, call, GRACE)).status < 300
    for other in MAIL_CALLS:
        response = await ask_for_mail(client, other, GRACE.upper())
        await limited(response, "mail-account", limit=1, window=300)
    assert (await ask_for_mail(client, call, "ada@example.com")).status < 300


async def test_one_address_may_ask_for_so_many_mails(make_client: MakeClient) -> None:
    client = await make_client(mail_limit_per_address=LONG)
    for call in MAIL_CALLS:
        assert (await ask_for_mail(client, call, f"{call}@example.com")).status < 300
    for call in MAIL_CALLS:
        response = await ask_for_mail(client, call, GRACE)
        await limited(response, "mail-address", limit=3, window=300)


@pytest.mark.parametrize("call", MAIL_CALLS)
async def test_a_throttled_mailbox_tells_nothing_about_its_account(
    make_client: MakeClient, grace: Person, call: str, let_seconds_pass: LetTimePass
) -> None:
    client = await make_client(mail_limit_per_account="1/5minutes")
    answers = []
    for email in (GRACE, "nobody@example.com"):
        await ask_for_mail(client, call, email)
        await let_seconds_pass(client, -60)  # the wait is the whole window, however slow this is
        response = await ask_for_mail(client, call, email, **{"X-Request-ID": "same"})
        kept = {name: value for name, value in response.headers.items() if name != "Date"}
        answers.append((response.status, kept, await response.read()))

    assert answers[0] == answers[1]
    assert answers[0][0] == 429


async def test_passwords_and_mailboxes_count_apart(make_client: MakeClient) -> None:
    client = await make_client(login_limit_per_account="1/5minutes")
    assert await statuses(client, 2) == [401, 429]
    assert (await ask_for_mail(client, "update_password", GRACE)).status == 202


async def test_a_signed_in_user_may_call_so_often(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    client = await make_client(user_limit=LONG)
    grace = await make_person(GRACE, client=client)
    ada = await make_person("ada@example.com", client=client)
    paths = ["/api/users/me", "/api/contacts/", "/api/contacts/999"]
    assert [(await grace.get(path)).status for path in paths] == [200, 200, 404]

    for path in paths:
        await limited(await grace.get(path), "user", limit=3, window=300)

    assert (await ada.get("/api/users/me")).status == 200
    assert (await client.get("/livez")).status == 200
    await problem(await client.get("/api/users/me"), 401, "unauthenticated")


async def test_several_sessions_of_a_user_count_together(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    client = await make_client(user_limit="2/5minutes")
    grace = await make_person(GRACE, client=client)
    assert [(await grace.get("/api/users/me")).status for _ in range(2)] == [200, 200]
    await grace.sign_in()
    assert (await grace.get("/api/users/me")).status == 429


async def test_two_processes_on_one_redis_count_together(
    make_client: MakeClient, redis_server: RedisServer
) -> None:
    settings = {"login_limit_per_account": LONG, "redis_url": redis_server.url}
    one, other = await make_client(**settings), await make_client(**settings)
    assert await statuses(one, 2) == [401] * 2
    assert await statuses(other, 2) == [401, 429]
    assert await statuses(one, 1) == [429]


async def test_without_redis_the_limit_is_stricter(
    make_client: MakeClient, redis_server: RedisServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = MonotonicClock(monkeypatch)
    client = await make_client(login_limit_per_account="4/5minutes", redis_url=redis_server.url)
    assert await statuses(client, 1) == [401]
    redis_server.kill()

    assert await statuses(client, 2) == [401] * 2
    await limited(await login(client), "login-account", limit=2, window=300)

    redis_server.start()  # empty, as nothing was saved
    clock.now += RESET_TIMEOUT
    assert await statuses(client, 5) == [401] * 4 + [429]


async def test_the_documentation_tells_who_is_throttled(client: Client) -> None:
    document = orjson.loads(await (await client.get("/api/docs/openapi.json")).read())
    throttled = set()
    for path, item in document["paths"].items():
        for operation in item.values():
            if answer := operation["responses"].get("429"):
                assert answer["headers"].keys() == {"Retry-After", "RateLimit", "RateLimit-Policy"}
                throttled.add(operation["operationId"])
            assert ("bearer" not in str(operation["security"])) or answer, path
    assert {"login", "register", "request_confirmation", "request_password_reset"} <= throttled
    assert not {"refresh", "liveness", "open_confirmation"} & throttled
