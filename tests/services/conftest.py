"""Somebody who signs in, and the audit log of it."""

from collections.abc import AsyncIterator

import asyncpg
import pytest

from contactsvc.repositories.sessions import SessionRepository
from contactsvc.security.passwords import Passwords
from contactsvc.services.sessions import Sessions
from tests.services.support import EMAIL, PASSWORD, TOKENS, USERS, Log, Postman, ignore
from tests.support.clocks import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


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
    repository = SessionRepository(3600, ignore, 90000)
    return Sessions(USERS, repository, passwords, TOKENS, require_confirmed_email=True)


@pytest.fixture
def log(pg: asyncpg.Connection) -> Log:
    return Log(pg)


@pytest.fixture
def postman() -> Postman:
    return Postman()
