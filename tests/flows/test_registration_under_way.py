"""Whoever decides whose an e-mail is waits for a registration of it that is being written.

A registration that was missed would outlive the confirmation: somebody else's password and name
would wait for an e-mail that has its owner.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass

import asyncpg
import pytest

from contactsvc.accounts.administration.service import Administration
from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
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
class Services:
    """Every service that decides whose an e-mail is."""

    accounts: Accounts
    administration: Administration
    confirmation: Confirmation
    resets: PasswordReset


@pytest.fixture
async def services(orm: None) -> AsyncIterator[Services]:
    async def forget(email: str) -> None:
        pass

    sessions, policy = SessionRepository(60, ignore, 60), PasswordPolicy(12)
    passwords = Passwords(threads=1)
    app_passwords = AppPasswordRepository(ignore)
    kept = (USERS, sessions, app_passwords, passwords, policy)
    yield Services(
        Accounts(*kept, reveals_taken_email=False),
        Administration(USERS, sessions, app_passwords),
        Confirmation(USERS, passwords),
        PasswordReset(*kept, forget),
    )
    passwords.close()


async def confirm(services: Services, user_id: int) -> None:
    await services.confirmation.confirm(await issue(user_id, Purpose.CONFIRM_EMAIL), CALLER)


async def move(services: Services, user_id: int) -> None:
    token = await issue(user_id, Purpose.CHANGE_EMAIL, "admiral@example.com")
    await services.confirmation.confirm(token, CALLER)


async def reset(services: Services, user_id: int) -> None:
    await services.resets.reset(await issue(user_id, Purpose.RESET_PASSWORD), PASSWORD, CALLER)


async def make(services: Services, user_id: int) -> None:
    await services.accounts.create_confirmed(EMAIL, PASSWORD, "Grace", Role.USER, CALLER)


async def administer(services: Services, user_id: int) -> None:
    await services.administration.confirm(EMAIL, CALLER)


async def delete(services: Services, user_id: int) -> None:
    await USERS.delete(user_id)


@pytest.mark.parametrize("decide", [confirm, move, reset, make, administer, delete])
async def test_a_registration_under_way_is_waited_for_and_forgotten(
    services: Services,
    pg: asyncpg.Connection,
    postgres_url: str,
    decide: Callable[[Services, int], Awaitable[None]],
) -> None:
    user_id = await USERS.create(EMAIL, "a hash", "Grace")

    async def no_row_is_locked() -> None:
        """Whoever registers may come to lock it, and then each would wait for the other."""
        assert await pg.fetch("SELECT id FROM users FOR UPDATE SKIP LOCKED")

    deciding = decide(services, user_id)
    outcome = await race(pg, postgres_url, UNDER_WAY, deciding, meanwhile=no_row_is_locked)

    assert outcome == [None]
    assert [row["email"] for row in await pg.fetch("SELECT email FROM registrations")] == [OTHER]
