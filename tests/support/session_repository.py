"""Sessions, and the clock that they go by."""

import asyncpg
import pytest

from contactsvc.accounts.sessions.repository import SessionRepository
from tests.support.clocks import Clock
from tests.support.session_rows import MAX_AGE, TTL, Hook, begin


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def hook(pg: asyncpg.Connection) -> Hook:
    return Hook(pg)


@pytest.fixture
def session_repository(orm: None, hook: Hook) -> SessionRepository:
    return SessionRepository(TTL, hook, MAX_AGE)


@pytest.fixture
async def three_sessions(session_repository: SessionRepository, owner: int) -> list[int]:
    """The ids of three sessions of one user, in their order."""
    return sorted([(await begin(session_repository, owner)).session_id for _ in range(3)])
