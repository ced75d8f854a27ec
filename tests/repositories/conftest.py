"""Sessions, and the clock that they go by."""

import asyncpg
import pytest

from contactsvc.repositories.sessions import SessionRepository
from tests.repositories.session_support import MAX_AGE, TTL, Hook, begin
from tests.support.clocks import Clock


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    return Clock(monkeypatch)


@pytest.fixture
def hook(pg: asyncpg.Connection) -> Hook:
    return Hook(pg)


@pytest.fixture
def sessions(orm: None, hook: Hook) -> SessionRepository:
    return SessionRepository(TTL, hook, MAX_AGE)


@pytest.fixture
async def three(sessions: SessionRepository, owner: int) -> list[int]:
    """The ids of three sessions of one user, in their order."""
    return sorted([(await begin(sessions, owner)).session_id for _ in range(3)])
