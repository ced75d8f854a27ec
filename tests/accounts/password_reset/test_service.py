"""A forgotten password is replaced whole, or not at all."""

from datetime import timedelta

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.password_reset.service import PasswordReset
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.platform.errors import InvalidToken, ValidationFailed
from tests.support.clocks import Clock
from tests.support.services import (
    CALLER,
    EMAIL,
    PASSWORD,
    USERS,
    Log,
    WakeCounter,
    asked_for,
    ignore,
    is_alive,
    issue,
    sign_in,
    table_away,
)

NEW = "quite another battery staple"


@pytest.fixture
def forgotten() -> list[str]:
    """The e-mails whose failed sign-ins count no more."""
    return []


@pytest.fixture
def resets(orm: None, passwords: Passwords, forgotten: list[str]) -> PasswordReset:
    async def forget(email: str) -> None:
        forgotten.append(email)

    sessions, app_passwords = SessionRepository(3600, ignore, 90000), AppPasswordRepository(ignore)
    return PasswordReset(USERS, sessions, app_passwords, passwords, PasswordPolicy(12), forget)


async def has_password(passwords: Passwords, user_id: int, password: str) -> bool:
    stored = await USERS.password_hash(user_id)
    return (await passwords.verify(password, stored)).matches


async def test_a_mail_is_asked_for_whoever_it_is(
    resets: PasswordReset, grace_id: int, wakes: WakeCounter, pg: asyncpg.Connection
) -> None:
    for email in (EMAIL, "nobody@example.com"):
        await resets.request(email)
    assert await asked_for(pg) == [
        ("reset_password", EMAIL, "pending"),
        ("reset_password", "nobody@example.com", "pending"),
    ]
    assert wakes.calls == 2


async def test_a_link_says_how_long_it_works(
    resets: PasswordReset, grace_id: int, clock: Clock
) -> None:
    token = await issue(grace_id, Purpose.RESET_PASSWORD)
    for _ in range(2):  # looking does not use it up
        assert await resets.check(token) == clock.moment + timedelta(seconds=3600)
    clock.move(3600)
    with pytest.raises(InvalidToken):
        await resets.check(token)


async def test_a_reset_lets_nobody_in_who_was_in(
    resets: PasswordReset,
    grace_id: int,
    session_service: Sessions,
    passwords: Passwords,
    log: Log,
    wakes: WakeCounter,
    forgotten: list[str],
    pg: asyncpg.Connection,
) -> None:
    pair = await sign_in(session_service)
    await resets.request(EMAIL.upper())
    token = await issue(grace_id, Purpose.RESET_PASSWORD)
    await issue(grace_id, Purpose.CHANGE_EMAIL, "thief@example.com")

    await resets.reset(token, NEW, CALLER)

    assert await has_password(passwords, grace_id, NEW)
    assert not await is_alive(pair)
    assert await log.last() == (Event.PASSWORD_CHANGE, grace_id, None, {"by": "reset"})
    assert await asked_for(pg) == [
        ("reset_password", EMAIL.upper(), "skipped"),  # it would be a link that nobody needs
        ("password_changed", EMAIL, "pending"),
    ]
    links = await pg.fetch("SELECT purpose, used_at FROM one_time_tokens")
    assert [(link["purpose"], link["used_at"] is None) for link in links] == [
        ("reset_password", False)
    ]
    assert wakes.calls == 2
    assert forgotten == [EMAIL]


async def test_a_used_link_is_over(
    resets: PasswordReset, grace_id: int, passwords: Passwords
) -> None:
    token = await issue(grace_id, Purpose.RESET_PASSWORD)
    await resets.reset(token, NEW, CALLER)
    with pytest.raises(InvalidToken):
        await resets.check(token)
    with pytest.raises(InvalidToken):
        await resets.reset(token, f"{NEW} again", CALLER)
    assert await has_password(passwords, grace_id, NEW)


async def test_a_link_to_an_address_that_was_left_is_over(
    resets: PasswordReset, grace_id: int, passwords: Passwords
) -> None:
    token = await issue(grace_id, Purpose.RESET_PASSWORD)
    await USERS.change_email(grace_id, "admiral@example.com")
    with pytest.raises(InvalidToken):
        await resets.check(token)
    with pytest.raises(InvalidToken):
        await resets.reset(token, NEW, CALLER)
    assert await has_password(passwords, grace_id, PASSWORD)


@pytest.mark.parametrize("password", ["short", EMAIL])
async def test_a_weak_password_leaves_all_as_it_was(
    resets: PasswordReset, grace_id: int, log: Log, forgotten: list[str], password: str
) -> None:
    token = await issue(grace_id, Purpose.RESET_PASSWORD)
    with pytest.raises(ValidationFailed) as error:
        await resets.reset(token, password, CALLER)
    assert [field.pointer for field in error.value.errors] == ["/password"]
    assert await resets.check(token)
    assert await log.rows() == []
    assert forgotten == []


@pytest.mark.parametrize("table", ["audit_events", "outbox", "sessions"])
async def test_a_reset_that_fails_half_way_has_not_begun(
    resets: PasswordReset,
    grace_id: int,
    session_service: Sessions,
    passwords: Passwords,
    pg: asyncpg.Connection,
    wakes: WakeCounter,
    forgotten: list[str],
    table: str,
) -> None:
    pair = await sign_in(session_service)
    token = await issue(grace_id, Purpose.RESET_PASSWORD)
    async with table_away(pg, table):
        with pytest.raises(Exception, match=table):
            await resets.reset(token, NEW, CALLER)
    assert await has_password(passwords, grace_id, PASSWORD)
    assert await is_alive(pair)
    assert await resets.check(token)
    assert (wakes.calls, forgotten) == (0, [])
