"""From outside nobody can tell which e-mails have an account, nor in what state it is."""

from collections.abc import Callable
from typing import Any

import asyncpg
import pytest
from aiohttp import ClientResponse
from passlib.context import CryptContext

from contactsvc.housekeeping import Housekeeping
from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, Client, MakeClient, problem
from tests.support import engines
from tests.support.accounts import password_hash
from tests.support.mailbox import nothing_pending
from tests.support.work import statements_of_requests

KINDS = ("unknown", "unconfirmed", "confirmed", "disabled")
STATES = {
    "unconfirmed": "confirmed = false",
    "confirmed": "confirmed = true",
    "disabled": "confirmed = true, is_active = false",
}

REGISTER = "/api/auth/register"
LOGIN = "/api/auth/login"
TRIED = "another good long one"
"""A password that a stranger registers with; nobody has it."""


def email_of(kind: str, number: int = 0) -> str:
    """Return an address; all are of one length, so that answers that repeat it are too."""
    return f"{kind:x<11}{number:03}@example.com"


async def make_accounts(client: Client, pg: asyncpg.Connection) -> None:
    """Make an account of every kind but the unknown."""
    for kind, state in STATES.items():
        body = {"email": email_of(kind), "password": PASSWORD}
        assert (await client.post("/api/auth/register", json=body)).status == 201
        await pg.execute(f"UPDATE users SET {state} WHERE email = $1", email_of(kind))
        if kind != "unconfirmed":
            await pg.execute("DELETE FROM registrations WHERE email = $1", email_of(kind))


@pytest.fixture
async def known(client: Client, pg: asyncpg.Connection) -> Client:
    """A client of a service with an account of every kind."""
    await make_accounts(client, pg)
    return client


CALLS: dict[str, tuple[str, dict[str, str]]] = {
    "register": (REGISTER, {"password": TRIED, "name": "Mallory"}),
    "register with a weak password": (REGISTER, {"password": "password1234"}),
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
async def test_a_sign_in_verifies_one_hash_or_two_while_a_registration_waits(
    known: Client, verifications: list[str], password: str
) -> None:
    emails = (*map(email_of, KINDS), "no e-mail", "", email_of("confirmed").upper())
    cost = password_hash(PASSWORD).rsplit("$", 2)[0]
    for waiting in (False, True):
        for email in emails:
            if waiting and "@" in email:
                await known.post(REGISTER, json={"email": email, "password": TRIED})
            verifications.clear()

            status = (await known.post(LOGIN, json={"email": email, "password": password})).status

            assert status in (200, 401, 403)
            waits = "@" in email and (waiting or email == email_of("unconfirmed"))
            assert len(verifications) == (2 if waits else 1), email
            # Of the same algorithm and cost, so that one takes as long as the other.
            assert {hashed.rsplit("$", 2)[0] for hashed in verifications} == {cost}, email


FLOWS: dict[str, list[tuple[str, dict[str, str]]]] = {
    "register, sign in": [(REGISTER, {"password": TRIED}), (LOGIN, {"password": TRIED})],
    "register twice, sign in with each": [
        (REGISTER, {"password": TRIED}),
        (REGISTER, {"password": f"{TRIED}, too"}),
        (LOGIN, {"password": TRIED}),
        (LOGIN, {"password": f"{TRIED}, too"}),
    ],
    "register, guess, ask for all mails, sign in": [
        (REGISTER, {"password": TRIED}),
        (LOGIN, {"password": "not the password"}),
        ("/api/auth/request_email", {}),
        ("/api/auth/update_password", {}),
        (LOGIN, {"password": TRIED}),
        (REGISTER, {"password": TRIED}),
        (LOGIN, {"password": TRIED}),
    ],
}
"""What a stranger does with an e-mail, one call after the other."""


@pytest.mark.own_app
async def test_no_flow_tells_what_its_calls_do_not(
    client: Client, settings: Settings, pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    """Each answer of a flow is the same for every kind, to the byte, and for good."""
    for name, flow in FLOWS.items():
        with subtests.test(flow=name):
            await engines.empty(pg)
            await make_accounts(client, pg)
            seen = {}
            for kind in KINDS:
                email, answers = email_of(kind), []
                for path, more in flow:
                    response = await client.post(path, json={"email": email} | more)
                    answers.append(await shape(response, email))
                seen[kind] = answers
            assert len(set(map(str, seen.values()))) == 1, seen
            statuses = [answer[0] for answer in seen["unknown"]]
            assert statuses[-1] == 403, "it is the trace of a registration that is compared"

            # Mails are sent meanwhile, and what waits is purged: nothing changes for one alone.
            await nothing_pending(pg)
            for aged in (False, True):
                if aged:
                    await age(pg, seconds=settings.unconfirmed_ttl)
                    await Housekeeping(settings)._purge(files=False)
                late = {}
                for kind in KINDS:
                    response = await client.post(
                        LOGIN, json={"email": email_of(kind)} | flow[-1][1]
                    )
                    late[kind] = await shape(response, email_of(kind))
                assert len(set(map(str, late.values()))) == 1, late
                assert late["unknown"][0] == (401 if aged else statuses[-1])


async def age(pg: asyncpg.Connection, seconds: int) -> None:
    """Let registrations and accounts have been made so many seconds, and a minute, earlier."""
    earlier = f"interval '{seconds} seconds 1 minute'"
    await pg.execute(f"UPDATE registrations SET asked_at = asked_at - {earlier}")
    await pg.execute(f"UPDATE users SET created_at = created_at - {earlier}")


async def test_an_avatar_tells_nobody_who_has_an_account(
    known: Client, subtests: pytest.Subtests
) -> None:
    """The URL of a default avatar holds the picture; no id or e-mail is looked up."""
    for path in ("/api/users/1/avatar.svg", "/api/users/999/avatar.svg"):
        with subtests.test(path=path):
            assert (await known.get(path)).status == 404
    with statements_of_requests() as statements:
        for letters in ("GH", "ZZ"):
            answer = await known.get(f"/api/avatars/initials/{letters}-7.svg")
            assert answer.status == 200
    assert statements == []


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
