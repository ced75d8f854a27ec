"""What the tests of CardDAV share."""

from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.dav import service
from tests.conftest import Person
from tests.contacts.dav.support import Phone, phone_of


@pytest.fixture
async def phone(grace: Person, pg: asyncpg.Connection) -> Phone:
    """A program of Grace's that may write."""
    return await phone_of(grace, pg)


@pytest.fixture
def small_pages(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Let a test read so many cards at a time."""

    def choose(size: int) -> None:
        for name in ("PAGE", "PAGE_OF_TEXTS", "MOST_NAMES"):
            monkeypatch.setattr(service, name, size)

    return choose
