"""An administrator, and what the tests of administration look people and events up with."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.users.administrators import LOCK
from tests.conftest import MakePerson, Person
from tests.support.locks import until_locks_wait

IdOf = Callable[[Person], Awaitable[int]]


@pytest.fixture
async def admin(make_person: MakePerson, pg: asyncpg.Connection) -> Person:
    """A signed-in administrator."""
    person = await make_person("root@example.com", "Ruth Root")
    await pg.execute("UPDATE users SET role = 'admin'")
    await person.sign_in()
    return person


@pytest.fixture
def id_of(pg: asyncpg.Connection) -> IdOf:
    """Return the id of the account with an e-mail."""

    async def find(person: Person) -> int:
        user_id: int = await pg.fetchval("SELECT id FROM users WHERE email = $1", person.email)
        return user_id

    return find


async def audited(admin: Person, query: str = "") -> list[dict[str, Any]]:
    body = await (await admin.get(f"/api/admin/audit?{query}")).json()
    items: list[dict[str, Any]] = body["items"]
    return items


@asynccontextmanager
async def both_waiting(pg: asyncpg.Connection) -> AsyncIterator[None]:
    """Hold up changes of the administrators until two of them wait."""
    await pg.execute(f"SELECT pg_advisory_lock({LOCK})")
    yield
    await until_locks_wait(pg, 2)
    await pg.execute(f"SELECT pg_advisory_unlock({LOCK})")
