"""Somebody who signs in, and the audit log of it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.mail import repository as outbox
from tests.support.services import EMAIL, PASSWORD, TOKENS, USERS, Log, WakeCounter, ignore


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    passwords = Passwords(threads=1)
    yield passwords
    passwords.close()


@pytest.fixture
async def grace_id(orm: None, passwords: Passwords) -> int:
    """The id of a confirmed account."""
    user_id = await USERS.create(EMAIL, await passwords.hash(PASSWORD), "Grace")
    await USERS.confirm(user_id)
    return user_id


@pytest.fixture
def session_service(passwords: Passwords) -> Sessions:
    repository = SessionRepository(3600, ignore, 90000)
    return Sessions(USERS, repository, passwords, TOKENS, require_confirmed_email=True)


@pytest.fixture
def log(pg: asyncpg.Connection) -> Log:
    return Log(pg)


@pytest.fixture
async def wakes() -> AsyncIterator[WakeCounter]:
    wakes = WakeCounter()
    with outbox.listening(wakes):
        yield wakes
