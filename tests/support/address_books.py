"""The real PostgreSQL held open for units, and people they work for."""

import itertools
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import hypothesis
import pytest

from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.database import connection, database
from tests.support import engines
from tests.support.accounts import add_account
from tests.support.samples import PROFILE
from tests.support.shared_service import SharedDatabase

for _profile, _examples in (("contactsvc", 40), ("thorough", 3000)):
    hypothesis.settings.register_profile(
        _profile,
        max_examples=_examples,
        # A busy machine may pause a test for longer than Hypothesis allows.
        deadline=None,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
hypothesis.settings.load_profile(PROFILE)

MakeOwner = Callable[[], Awaitable[int]]


_databases = itertools.count()


@pytest.fixture
def empty_database(postgres_url: str) -> Iterator[str]:
    """The URL of a new database without any table, on the server of the run."""
    name = f"contactsvc_scratch_{os.getpid()}_{next(_databases)}"
    with engines.scratch_database(postgres_url, name) as url:
        yield url


@pytest.fixture
async def orm(
    postgres_url: str, empty_tables: None, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[None]:
    """Hold the ORM's pool open, on empty tables; a statement may take as long as a test likes."""
    monkeypatch.setattr(connection, "STATEMENT_TIMEOUT", 600.0)
    async with database(postgres_url, pool_size=5):
        yield


@pytest.fixture
def make_owner(shared_database: SharedDatabase) -> MakeOwner:
    """Insert a user and return their id."""
    numbers = itertools.count()

    async def make() -> int:
        email = f"owner{next(numbers)}@example.com"
        return shared_database.run(lambda connection: add_account(connection, email))

    return make


@pytest.fixture
async def owner(orm: None, make_owner: MakeOwner) -> int:
    """The id of a user."""
    return await make_owner()


@pytest.fixture
def contacts(owner: int) -> ContactRepository:
    """The empty address book of the owner."""
    return ContactRepository(owner)


@pytest.fixture
async def foreign(make_owner: MakeOwner, owner: int) -> ContactRepository:
    """The empty address book of somebody else."""
    return ContactRepository(await make_owner())
