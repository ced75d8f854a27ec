"""Sign-in, renewal and sign-out, on real tables and with real tokens."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from contactsvc.errors import (
    AccountDisabled,
    EmailNotConfirmed,
    InvalidCredentials,
    ServiceError,
    Unauthenticated,
)
from contactsvc.models import Role
from contactsvc.repositories.sessions import SessionRepository
from contactsvc.repositories.users import UserRepository
from contactsvc.security.keyring import Keyring
from contactsvc.security.passwords import Passwords
from contactsvc.security.tokens import Tokens
from contactsvc.services.sessions import Scope, Sessions, TokenPair

PASSWORD = "correct horse battery staple"
EMAIL = "grace@example.com"
TOKENS = Tokens(Keyring("kY3-for-tests-only_0123456789abcdef"), "https://c.example.com", 900, 3600)


async def ignore(user_id: int, _: object) -> None:
    pass


USERS = UserRepository(ignore)


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    passwords = Passwords(threads=1)
    yield passwords
    passwords.close()


@pytest.fixture
async def grace(orm: None, passwords: Passwords) -> int:
    """The id of a confirmed account."""
    user_id = await USERS.create(EMAIL, await passwords.hash(PASSWORD), "Grace")
    await USERS.confirm(user_id)
    return user_id


@pytest.fixture
def sessions(passwords: Passwords) -> Sessions:
    repository = SessionRepository(3600, ignore)
    return Sessions(USERS, repository, passwords, TOKENS, require_confirmed_email=True)


async def sign_in(sessions: Sessions, email: str = EMAIL, password: str = PASSWORD) -> TokenPair:
    return await sessions.sign_in(email, password, "pytest", "127.0.0.1")


async def is_alive(pair: TokenPair) -> bool:
    claims = TOKENS.read_access(pair.access_token)
    return await USERS.current(claims.user_id, claims.session_id) is not None


async def test_signing_in_begins_a_session(sessions: Sessions, grace: int) -> None:
    pair = await sign_in(sessions, "GRACE@example.com")
    claims = TOKENS.read_access(pair.access_token)
    assert (claims.user_id, claims.auth_version, pair.expires_in) == (grace, 2, 900)
    assert TOKENS.read_refresh(pair.refresh_token).counter == 0
    assert await is_alive(pair)


@pytest.mark.parametrize(
    ("email", "password"), [(EMAIL, "wrong"), ("nobody@example.com", PASSWORD), (EMAIL, "")]
)
async def test_wrong_credentials_are_all_the_same(
    sessions: Sessions, grace: int, pg: asyncpg.Connection, email: str, password: str
) -> None:
    with pytest.raises(InvalidCredentials) as error:
        await sign_in(sessions, email, password)
    assert error.value.detail == InvalidCredentials.default_detail
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 0


@pytest.mark.parametrize(
    ("column", "expected"), [("confirmed", EmailNotConfirmed), ("is_active", AccountDisabled)]
)
async def test_what_keeps_somebody_out_is_told_to_the_owner_alone(
    sessions: Sessions,
    grace: int,
    pg: asyncpg.Connection,
    column: str,
    expected: type[ServiceError],
) -> None:
    await pg.execute(f"UPDATE users SET {column} = false")
    with pytest.raises(InvalidCredentials):
        await sign_in(sessions, password="wrong")
    with pytest.raises(expected):
        await sign_in(sessions)
    assert await pg.fetchval("SELECT count(*) FROM sessions") == 0


async def test_unconfirmed_accounts_get_in_where_that_is_wanted(
    passwords: Passwords, grace: int, pg: asyncpg.Connection
) -> None:
    await pg.execute("UPDATE users SET confirmed = false")
    repository = SessionRepository(3600, ignore)
    lenient = Sessions(USERS, repository, passwords, TOKENS, require_confirmed_email=False)
    assert await is_alive(await sign_in(lenient))


async def test_a_renewal_keeps_the_session_and_counts_on(sessions: Sessions, grace: int) -> None:
    first = await sign_in(sessions)
    second = await sessions.refresh(first.refresh_token)
    before, after = (TOKENS.read_refresh(pair.refresh_token) for pair in (first, second))
    assert (after.session_id, after.counter) == (before.session_id, before.counter + 1)
    assert second.access_token != first.access_token


async def test_a_renewal_knows_the_newest_version(sessions: Sessions, grace: int) -> None:
    pair = await sign_in(sessions)
    await USERS.set_role(grace, Role.ADMIN)
    renewed = await sessions.refresh(pair.refresh_token)
    assert TOKENS.read_access(renewed.access_token).auth_version == 3


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET is_active = false",
        "UPDATE sessions SET revoked_at = now()",
        "UPDATE sessions SET expires_at = now()",
        "DELETE FROM sessions",
        "DELETE FROM users",
    ],
)
async def test_who_may_no_longer_be_in_is_not_renewed(
    sessions: Sessions, grace: int, pg: asyncpg.Connection, change: str
) -> None:
    pair = await sign_in(sessions)
    await pg.execute(change)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(pair.refresh_token)


async def test_an_access_token_renews_nothing(sessions: Sessions, grace: int) -> None:
    pair = await sign_in(sessions)
    with pytest.raises(Unauthenticated):
        await sessions.refresh(pair.access_token)


@pytest.mark.parametrize(
    ("scope", "alive"),
    [(Scope.LOCAL, [False, True]), (Scope.OTHERS, [True, False]), (Scope.GLOBAL, [False, False])],
)
async def test_signing_out(sessions: Sessions, grace: int, scope: Scope, alive: list[bool]) -> None:
    pairs = [await sign_in(sessions), await sign_in(sessions)]
    session_id = TOKENS.read_access(pairs[0].access_token).session_id
    await sessions.sign_out(grace, session_id, scope)
    assert [await is_alive(pair) for pair in pairs] == alive
