"""Changes of accounts at the same moment: they take turns at the user's row."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.users.administrators import LOCK
from contactsvc.accounts.users.model import Role
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import LastAdmin, NotFound, Unauthenticated
from tests.support.address_books import MakeOwner
from tests.support.locks import race, waiting

Told = list[tuple[int, int]]


@pytest.fixture
def told() -> Told:
    """The users and versions that the cache has been told of."""
    return []


@pytest.fixture
def discarded() -> list[str]:
    """The avatars that nobody has any more."""
    return []


@pytest.fixture
def users(orm: None, told: Told, discarded: list[str]) -> UserRepository:
    async def hook(user_id: int, version: int) -> None:
        told.append((user_id, version))

    return UserRepository(hook, address_books, discarded.append)


CHANGE = "UPDATE users SET version = version + 1, auth_version = auth_version + 1"


@pytest.mark.parametrize(
    "change",
    [
        lambda users, user_id: users.edit(user_id, {"name": "Amazing Grace"}),
        lambda users, user_id: users.set_password(user_id, "another hash"),
        lambda users, user_id: users.set_access(user_id, role=Role.ADMIN),
    ],
    ids=["name", "password", "role"],
)
async def test_a_change_counts_on_from_the_one_under_way(
    users: UserRepository,
    owner: int,
    told: Told,
    pg: asyncpg.Connection,
    postgres_url: str,
    change: Callable[[UserRepository, int], Awaitable[Any]],
) -> None:
    [outcome] = await race(pg, postgres_url, CHANGE, change(users, owner))
    assert not isinstance(outcome, Exception)
    user = await users.get(owner)
    assert told == [(owner, 3)]
    assert user.version == await pg.fetchval("SELECT version FROM users") == 3
    assert user.auth_version == await pg.fetchval("SELECT auth_version FROM users")


async def test_an_avatar_discards_the_one_that_was_being_set(
    users: UserRepository,
    owner: int,
    discarded: list[str],
    pg: asyncpg.Connection,
    postgres_url: str,
) -> None:
    """Else the picture of the change under way would lie in the store for ever."""
    held = "UPDATE users SET avatar = 'folder:a'"
    [user] = await race(pg, postgres_url, held, users.set_avatar(owner, "folder:b"))
    assert (user.avatar, discarded) == ("folder:b", ["folder:a"])


async def test_a_deletion_discards_the_avatar_that_was_being_set(
    users: UserRepository,
    owner: int,
    told: Told,
    discarded: list[str],
    pg: asyncpg.Connection,
    postgres_url: str,
) -> None:
    held = "UPDATE users SET avatar = 'folder:a', version = version + 1"
    await race(pg, postgres_url, held, users.delete(owner))
    assert discarded == ["folder:a"]
    assert told == [(owner, 3)]


async def test_of_deletions_at_once_one_finds_the_user(
    users: UserRepository, owner: int, told: Told, pg: asyncpg.Connection, postgres_url: str
) -> None:
    deletions = [users.delete(owner) for _ in range(2)]
    outcomes = await race(pg, postgres_url, "SELECT FROM users FOR UPDATE", *deletions)
    assert [type(outcome) for outcome in outcomes if isinstance(outcome, Exception)] == [NotFound]
    assert told == [(owner, 2)]


async def test_who_proved_to_be_somebody_before_a_change_is_not_held(
    users: UserRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    async def hold() -> None:
        async with transaction():
            await users.lock(owner, 1)

    [outcome] = await race(pg, postgres_url, CHANGE, hold())
    assert isinstance(outcome, Unauthenticated)


async def test_a_user_is_held_until_the_transaction_ends(
    users: UserRepository, owner: int, pg: asyncpg.Connection, postgres_url: str
) -> None:
    writer = await asyncpg.connect(postgres_url)
    async with transaction():
        await users.lock(owner, 1)
        changing = asyncio.ensure_future(writer.execute(CHANGE))
        await waiting(pg, [changing])
    await changing
    await writer.close()


LEAVE: dict[str, Callable[[UserRepository, int], Awaitable[Any]]] = {
    "role": lambda users, user_id: users.set_access(user_id, role=Role.USER),
    "disabled": lambda users, user_id: users.set_access(user_id, is_active=False),
    "deleted": lambda users, user_id: users.delete(user_id),
}


@pytest.mark.parametrize("first", LEAVE)
@pytest.mark.parametrize("second", LEAVE)
async def test_of_the_last_two_administrators_who_leave_at_once_one_stays(
    users: UserRepository,
    owner: int,
    make_owner: MakeOwner,
    pg: asyncpg.Connection,
    postgres_url: str,
    first: str,
    second: str,
) -> None:
    ids = [owner, await make_owner()]
    await pg.execute("UPDATE users SET role = 'admin'")
    held = f"SELECT pg_advisory_xact_lock({LOCK})"
    leaving = [LEAVE[how](users, who) for how, who in zip((first, second), ids, strict=True)]
    outcomes = await race(pg, postgres_url, held, *leaving)
    assert [type(outcome) for outcome in outcomes].count(LastAdmin) == 1
    assert sum(isinstance(outcome, Exception) for outcome in outcomes) == 1
    left = await pg.fetchval("SELECT count(*) FROM users WHERE role = 'admin' AND is_active")
    assert left == 1


@pytest.mark.parametrize(
    "come", [{"role": Role.ADMIN}, {"is_active": True}], ids=["role", "enabled"]
)
async def test_who_becomes_an_administrator_takes_the_lock_too(
    users: UserRepository,
    owner: int,
    pg: asyncpg.Connection,
    postgres_url: str,
    come: dict[str, Any],
) -> None:
    held = f"SELECT pg_advisory_xact_lock({LOCK})"
    [(_, user)] = await race(pg, postgres_url, held, users.set_access(owner, **come))
    assert (user.role, user.is_active) == (come.get("role", Role.USER), True)
