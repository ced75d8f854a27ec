"""Whoever settles whose an e-mail is waits for a registration of it that is being written.

A registration that was missed would outlive the confirmation: somebody else's password and name
would wait for an e-mail that has its owner.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import pytest

from contactsvc.accounts.administration.service import Administration
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.password_reset.service import PasswordReset
from contactsvc.accounts.registration.service import Confirmation
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.users.model import Role
from contactsvc.accounts.users.service import Accounts
from tests.support.locks import race
from tests.support.services import CALLER, EMAIL, PASSWORD, USERS, ignore, issue

OTHER = "mallory@example.com"

UNDER_WAY = f"""
SELECT pg_advisory_xact_lock(hashtextextended('{EMAIL}', 0));
INSERT INTO registrations (email, email_key, name, password_hash, created_at, asked_at)
SELECT email, email, 'Mallory', 'a hash', now(), now()
FROM unnest(ARRAY['{EMAIL}', '{OTHER}']) AS emails (email)
"""


@dataclass
class Desk:
    """Everything that settles whose an e-mail is."""

    accounts: Accounts
    administration: Administration
    confirmation: Confirmation
    resets: PasswordReset


@pytest.fixture
async def desk(orm: None) -> AsyncIterator[Desk]:
    async def forget(email: str) -> None:
        pass

    sessions, policy = SessionRepository(60, ignore, 60), PasswordPolicy(12)
    passwords = Passwords(threads=1)
    kept = (USERS, sessions, passwords, policy)
    yield Desk(
        Accounts(*kept, reveals_taken_email=False),
        Administration(USERS, sessions),
        Confirmation(USERS, passwords),
        PasswordReset(*kept, forget),
    )
    passwords.close()


async def confirm(desk: Desk, user_id: int) -> None:
    await desk.confirmation.confirm(await issue(user_id, Purpose.CONFIRM_EMAIL), CALLER)


async def move(desk: Desk, user_id: int) -> None:
    token = await issue(user_id, Purpose.CHANGE_EMAIL, "admiral@example.com")
    await desk.confirmation.confirm(token, CALLER)


async def reset(desk: Desk, user_id: int) -> None:
    await desk.resets.reset(await issue(user_id, Purpose.RESET_PASSWORD), PASSWORD, CALLER)


async def make(desk: Desk, user_id: int) -> None:
    await desk.accounts.create_confirmed(EMAIL, PASSWORD, "Grace", Role.USER, CALLER)


async def administer(desk: Desk, user_id: int) -> None:
    await desk.administration.confirm(EMAIL, CALLER)


async def delete(desk: Desk, user_id: int) -> None:
    await USERS.delete(user_id)


@pytest.mark.parametrize("settle", [confirm, move, reset, make, administer, delete])
async def test_a_registration_under_way_is_waited_for_and_forgotten(
    desk: Desk,
    pg: asyncpg.Connection,
    postgres_url: str,
    settle: Callable[[Desk, int], Awaitable[None]],
) -> None:
    user_id = await USERS.create(EMAIL, "a hash", "Grace")

    async def no_row_is_locked() -> None:
        """Whoever registers may come to lock it, and then each would wait for the other."""
        assert await pg.fetch("SELECT id FROM users FOR UPDATE SKIP LOCKED")

    settling = settle(desk, user_id)
    outcome = await race(pg, postgres_url, UNDER_WAY, settling, meanwhile=no_row_is_locked)

    assert outcome == [None]
    assert [row["email"] for row in await pg.fetch("SELECT email FROM registrations")] == [OTHER]
