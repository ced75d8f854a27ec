"""From outside nobody can tell which e-mails have an account, nor in what state it is."""

import statistics
import time
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientResponse
from passlib.context import CryptContext

from tests.conftest import PASSWORD, Client, MakeClient, problem
from tests.support.mailbox import nothing_pending

KINDS = ("unknown", "unconfirmed", "confirmed", "disabled")
STATES = {
    "unconfirmed": "confirmed = false",
    "confirmed": "confirmed = true",
    "disabled": "confirmed = true, is_active = false",
}

TRIES = 15
FACTOR = 3.0
"""Between the slowest kind's median time and the fastest's.

A sign-in that hashes for known e-mails alone takes 30 milliseconds for them and 2 for others, and a
request that waits for a mail server differs as much. Three is far below that, and above what
medians on a busy machine differ by.
"""


def email_of(kind: str, number: int = 0) -> str:
    """Return an address; all are of one length, so that answers that repeat it are too."""
    return f"{kind:x<11}{number:03}@example.com"


async def make_accounts(client: Client, pg: asyncpg.Connection) -> None:
    """Make an account of every kind but the unknown."""
    for kind, state in STATES.items():
        body = {"email": email_of(kind), "password": PASSWORD}
        assert (await client.post("/api/auth/register", json=body)).status == 201
        await pg.execute(f"UPDATE users SET {state} WHERE email = $1", email_of(kind))


@pytest.fixture
async def known(client: Client, pg: asyncpg.Connection) -> Client:
    """A client of a service with an account of every kind."""
    await make_accounts(client, pg)
    return client


CALLS: dict[str, tuple[str, dict[str, str]]] = {
    "register": ("/api/auth/register", {"password": "another good long one", "name": "Mallory"}),
    "register with a weak password": ("/api/auth/register", {"password": "password1234"}),
    "request_email": ("/api/auth/request_email", {}),
    "update_password": ("/api/auth/update_password", {}),
    "login": ("/api/auth/login", {"password": "not the password"}),
}
every_call = pytest.mark.parametrize(("path", "more"), CALLS.values(), ids=CALLS.keys())


async def shape(response: ClientResponse, email: str) -> tuple[int, list[tuple[str, str]], str]:
    """Return all of an answer, but the clock, the request's name and the e-mail it was sent."""
    own = response.headers["X-Request-ID"]
    headers = [(k, v) for k, v in response.headers.items() if k not in ("Date", "X-Request-ID")]
    body = (await response.text()).replace(own, "(id)").replace(email, "(e-mail)")
    return response.status, headers, body


@every_call
async def test_every_kind_of_account_is_answered_alike(
    known: Client, path: str, more: dict[str, str]
) -> None:
    answers = {}
    for kind in KINDS:
        response = await known.post(path, json={"email": email_of(kind)} | more)
        answers[kind] = await shape(response, email_of(kind))

    assert len(set(map(str, answers.values()))) == 1, answers


async def test_an_account_in_any_state_can_be_asked_about_again(known: Client) -> None:
    """The first call must not leave a trace that the second one shows."""
    for path, more in CALLS.values():
        for kind in ("unknown", "confirmed"):
            email = email_of(kind)
            first, second = [
                await shape(await known.post(path, json={"email": email} | more), email)
                for _ in range(2)
            ]
            assert first == second, (path, kind)


@pytest.fixture
def verifications(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hashes that passwords are verified against."""
    hashes: list[str] = []
    real: Callable[..., Any] = CryptContext.verify

    def verify(self: CryptContext, secret: str, stored: str) -> Any:
        hashes.append(stored)
        return real(self, secret, stored)

    monkeypatch.setattr(CryptContext, "verify", verify)
    return hashes


@pytest.mark.parametrize("password", [PASSWORD, "not the password", ""])
async def test_a_sign_in_verifies_one_hash_whatever_the_account(
    known: Client, verifications: list[str], password: str
) -> None:
    for email in (*map(email_of, KINDS), "no e-mail", "", email_of("confirmed").upper()):
        verifications.clear()

        body = {"email": email, "password": password}
        status = (await known.post("/api/auth/login", json=body)).status

        assert status in (200, 401, 403)
        assert len(verifications) == 1, email
        # Of the same algorithm and cost, so that one takes as long as the other.
        assert verifications[0].startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def median_times(
    call: Callable[[str, int], Awaitable[None]], pg: asyncpg.Connection
) -> dict[str, float]:
    """Return each kind's median time; the kinds take turns, so that all get the same noise."""
    times: dict[str, list[float]] = {kind: [] for kind in KINDS}
    for number in range(TRIES):
        for kind in KINDS:
            await nothing_pending(pg)  # else one kind would pay for the mail of the one before
            begun = time.perf_counter()
            await call(kind, number)
            times[kind].append(time.perf_counter() - begun)
    return {kind: statistics.median(seconds) for kind, seconds in times.items()}


@every_call
async def test_no_kind_of_account_takes_longer(
    known: Client, pg: asyncpg.Connection, path: str, more: dict[str, str]
) -> None:
    async def call(kind: str, number: int) -> None:
        # Who registers is unknown but once.
        fresh = number if kind == "unknown" else 0
        async with known.post(path, json={"email": email_of(kind, fresh)} | more) as response:
            await response.read()

    times = await median_times(call, pg)

    assert max(times.values()) < FACTOR * min(times.values()), times


@pytest.mark.parametrize(
    ("changes", "path", "more"),
    [
        ({"mail_limit_per_account": "2/hour"}, "/api/auth/register", {"password": PASSWORD}),
        ({"mail_limit_per_account": "2/hour"}, "/api/auth/request_email", {}),
        ({"mail_limit_per_account": "2/hour"}, "/api/auth/update_password", {}),
        ({"login_limit_per_account": "2/hour"}, "/api/auth/login", {"password": "a wrong guess"}),
    ],
    ids=["register", "request_email", "update_password", "login"],
)
async def test_a_throttled_e_mail_is_told_so_whether_or_not_it_has_an_account(
    make_client: MakeClient,
    pg: asyncpg.Connection,
    changes: dict[str, str],
    path: str,
    more: dict[str, str],
) -> None:
    unlimited = await make_client()
    await make_accounts(unlimited, pg)
    await unlimited.close()
    client = await make_client(**changes)
    for kind in KINDS:
        body = {"email": email_of(kind)} | more
        statuses = [(await client.post(path, json=body)).status for _ in range(2)]
        assert 429 not in statuses, kind
        response = await client.post(path, json=body)
        await problem(response, 429, "rate_limited")
        assert int(response.headers["Retry-After"]) > 0


async def test_a_taken_e_mail_is_not_told_when_it_is_asked_for_as_ones_own(
    known: Client, pg: asyncpg.Connection
) -> None:
    body = {"email": email_of("confirmed"), "password": PASSWORD}
    tokens = await (await known.post("/api/auth/login", json=body)).json()
    headers = {"Authorization": f"Bearer {tokens['access_token']}"}

    answers = {}
    for email in (email_of("unknown"), email_of("unconfirmed"), email_of("disabled")):
        response = await known.post(
            "/api/users/me/email", json={"email": email, "password": PASSWORD}, headers=headers
        )
        answers[email] = await shape(response, email)

    assert len(set(map(str, answers.values()))) == 1, answers
