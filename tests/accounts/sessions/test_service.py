"""Sign-in, on real tables and with real tokens."""

import asyncio
import contextlib
import threading
from typing import Any

import asyncpg
import pytest
from argon2 import PasswordHasher

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.platform.errors import (
    AccountDisabled,
    EmailNotConfirmed,
    InvalidCredentials,
    ServiceError,
)
from tests.support.rows import statements
from tests.support.services import EMAIL, PASSWORD, TOKENS, USERS, Log, ignore, is_alive, sign_in


async def test_signing_in_begins_a_session(
    session_service: Sessions, grace_id: int, log: Log
) -> None:
    pair = await sign_in(session_service, "GRACE@example.com")
    claims = TOKENS.read_access(pair.access_token)
    assert (claims.user_id, claims.auth_version, pair.expires_in) == (grace_id, 2, 900)
    assert TOKENS.read_refresh(pair.refresh_token).counter == 0
    assert await is_alive(pair)
    about = {"session_id": claims.session_id}
    assert await log.last() == (Event.LOGIN_SUCCESS, grace_id, grace_id, about)


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD), (EMAIL, "")]
)
async def test_wrong_credentials_are_all_the_same(
    session_service: Sessions,
    grace_id: int,
    pg: asyncpg.Connection,
    log: Log,
    email: str,
    password: str,
) -> None:
    with pytest.raises(InvalidCredentials) as error:
        await sign_in(session_service, email, password)
    assert error.value.detail == InvalidCredentials.default_detail
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 0
    user_id = grace_id if email == EMAIL else None
    reason = {"reason": "invalid_credentials"}
    assert await log.last() == (Event.LOGIN_FAIL, user_id, None, reason)


async def test_an_unknown_email_costs_what_a_wrong_password_costs(
    session_service: Sessions, grace_id: int
) -> None:
    sent = []
    for email in (EMAIL, "nobody@example.com"):
        with statements() as seen, pytest.raises(InvalidCredentials):
            await sign_in(session_service, email, "wrong")
        sent.append([query for query, _ in seen])
    assert sent[0] == sent[1]
    assert [query.split()[0] for query in sent[0]] == ["SELECT", "INSERT"]


async def test_of_the_registrations_that_wait_the_newest_is_compared(
    session_service: Sessions, passwords: Passwords, grace_id: int, log: Log
) -> None:
    """For a free e-mail and for a taken one alike; the account of a taken one goes on."""
    for email in ("free@example.com", EMAIL):
        for password in ("the older one", "the newer one"):
            await registrations.add(email, await passwords.hash(password), "")
        with pytest.raises(InvalidCredentials):
            await sign_in(session_service, email, "the older one")
        with pytest.raises(EmailNotConfirmed):
            await sign_in(session_service, email, "the newer one")
        event, _, _, about = await log.last()
        assert (event, about) == (Event.LOGIN_FAIL, {"reason": "email_not_confirmed"})
    await sign_in(session_service)


@pytest.mark.parametrize(
    ("column", "expected"), [("confirmed", EmailNotConfirmed), ("is_active", AccountDisabled)]
)
async def test_what_keeps_somebody_out_is_told_to_the_owner_alone(
    session_service: Sessions,
    grace_id: int,
    pg: asyncpg.Connection,
    log: Log,
    column: str,
    expected: type[ServiceError],
) -> None:
    await pg.execute(f"UPDATE users SET {column} = false")
    with pytest.raises(InvalidCredentials):
        await sign_in(session_service, password="wrong")
    with pytest.raises(expected):
        await sign_in(session_service)
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 0
    assert await log.last() == (Event.LOGIN_FAIL, grace_id, None, {"reason": expected.code})


async def test_unconfirmed_accounts_get_in_where_that_is_wanted(
    passwords: Passwords, grace_id: int, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET confirmed = false")
    repository = SessionRepository(3600, ignore, 90000)
    lenient = Sessions(USERS, repository, passwords, TOKENS, require_confirmed_email=False)
    assert await is_alive(await sign_in(lenient))


async def test_a_password_that_was_changed_while_it_was_checked_opens_nothing(
    session_service: Sessions, grace_id: int, passwords: Passwords, pg: asyncpg.Connection, log: Log
) -> None:
    check = passwords._verify

    def check_slowly(password: str, password_hash: str | None) -> Any:
        verification = check(password, password_hash)
        changing.set()
        changed.wait(5)
        return verification

    changing, changed = threading.Event(), threading.Event()
    passwords._verify = check_slowly  # type: ignore[method-assign]
    signing_in = asyncio.ensure_future(sign_in(session_service))
    await asyncio.to_thread(changing.wait, 5)
    await USERS.set_password(grace_id, "another hash")
    changed.set()

    with pytest.raises(InvalidCredentials):
        await signing_in
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 0
    assert (await log.last())[0] == Event.LOGIN_FAIL


async def test_a_failed_attempt_keeps_nothing_that_was_typed(
    session_service: Sessions, grace_id: int, log: Log
) -> None:
    for email, password in ((EMAIL, "typed-secret"), ("typed-secret", PASSWORD)):
        with pytest.raises(InvalidCredentials):
            await sign_in(session_service, email, password)
    assert len(await log.rows()) == 2
    assert "typed-secret" not in str(await log.rows())


@pytest.fixture
async def old_hash(grace_id: int, pg: asyncpg.Connection) -> str:
    """The hash that Grace's password had under earlier parameters, and has again."""
    old = PasswordHasher(memory_cost=8192, time_cost=1, parallelism=1).hash(PASSWORD)
    await pg.execute("UPDATE users SET password_hash = $1", old)
    return old


@pytest.mark.real_hashes
async def test_signing_in_brings_the_hash_up_to_date_and_changes_nothing_else(
    session_service: Sessions, old_hash: str, passwords: Passwords, pg: asyncpg.Connection
) -> None:
    before = dict(await pg.fetchrow("SELECT * FROM users"))
    pair = await sign_in(session_service)
    after = dict(await pg.fetchrow("SELECT * FROM users"))

    assert after["password_hash"].startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert before | {"password_hash": after["password_hash"]} == after
    assert await is_alive(pair)
    assert await passwords.verify(PASSWORD, after["password_hash"])
    await sign_in(session_service)
    assert await pg.fetchval("SELECT password_hash FROM users") == after["password_hash"]


async def test_two_sign_ins_at_once_may_both_bring_the_hash_up_to_date(
    session_service: Sessions, old_hash: str, passwords: Passwords, pg: asyncpg.Connection
) -> None:
    pairs = await asyncio.gather(*(sign_in(session_service) for _ in range(4)))

    assert [await is_alive(pair) for pair in pairs] == [True] * 4
    assert await passwords.verify(PASSWORD, await pg.fetchval("SELECT password_hash FROM users"))


async def test_a_wrong_password_leaves_an_old_hash_alone(
    session_service: Sessions, old_hash: str, pg: asyncpg.Connection
) -> None:
    with pytest.raises(InvalidCredentials):
        await sign_in(session_service, password="wrong")
    assert await pg.fetchval("SELECT password_hash FROM users") == old_hash


@pytest.mark.parametrize(
    ("email", "password", "change"),
    [
        (EMAIL, PASSWORD, "SELECT 1"),
        (EMAIL, "wrong", "SELECT 1"),
        ("nobody@example.com", PASSWORD, "SELECT 1"),
        ("no e-mail", "", "SELECT 1"),
        (EMAIL, PASSWORD, "UPDATE users SET confirmed = false"),
        (EMAIL, PASSWORD, "UPDATE users SET is_active = false"),
        (EMAIL, "wrong", "UPDATE users SET is_active = false"),
    ],
)
async def test_a_sign_in_verifies_exactly_one_hash(
    session_service: Sessions,
    grace_id: int,
    passwords: Passwords,
    pg: asyncpg.Connection,
    email: str,
    password: str,
    change: str,
) -> None:
    await pg.execute(change)
    verify, verified = passwords._context.verify, []

    def count(*args: Any) -> Any:
        verified.append(args)
        return verify(*args)

    passwords._context.verify = count
    with contextlib.suppress(ServiceError):
        await sign_in(session_service, email, password)
    assert len(verified) == 1
