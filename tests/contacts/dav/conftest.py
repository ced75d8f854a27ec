"""What the tests of CardDAV share."""

import asyncpg
import pytest

from tests.conftest import Person
from tests.contacts.dav.support import Phone, phone_of


@pytest.fixture
async def phone(grace: Person, pg: asyncpg.Connection) -> Phone:
    """A program of Grace's that may write."""
    return await phone_of(grace, pg)
