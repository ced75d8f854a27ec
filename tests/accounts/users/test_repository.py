"""Accounts on the real PostgreSQL: who is found, and what a change does to the two versions."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.users.model import CurrentUser, Role
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.errors import EmailTaken, NotFound
from tests.accounts.users.conftest import Hook, row

Change = Callable[[UserRepository, int], Awaitable[CurrentUser]]


async def set_access(users: UserRepository, user_id: int, **changes: Any) -> CurrentUser:
    """Return the user after the change."""
    _, changed = await users.set_access(user_id, **changes)
    return changed


ACCESS_CHANGES: dict[str, Change] = {
    "role": lambda users, user_id: set_access(users, user_id, role=Role.ADMIN),
    "active": lambda users, user_id: set_access(users, user_id, is_active=False),
    "password": lambda users, user_id: users.set_password(user_id, "another hash"),
    "confirmed": lambda users, user_id: users.confirm(user_id),
}
CHANGES: dict[str, Change] = {
    "name": lambda users, user_id: users.edit(user_id, {"name": "Amazing Grace"}),
    **ACCESS_CHANGES,
}
every_change = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES.keys())


@pytest.fixture
async def session_id(users: UserRepository, grace_id: int) -> int:
    """The id of a session of that account."""

    async def ignore(user_id: int, session_ids: list[int]) -> None:
        raise AssertionError("No session ends here.")

    grant = await SessionRepository(3600, ignore, 3600).begin(grace_id, 1, Caller())
    assert grant is not None
    return grant.session_id


async def test_a_new_account_is_an_unconfirmed_user(
    users: UserRepository, grace_id: int, session_id: int
) -> None:
    user = await users.current(grace_id, session_id)
    assert user is not None
    assert (user.email, user.name, user.role) == ("Grace@example.com", "Grace Hopper", Role.USER)
    assert (user.confirmed, user.is_active, user.avatar) == (False, True, None)
    assert (user.auth_version, user.version) == (1, 1)
    assert now() - user.created_at < timedelta(minutes=1)


@pytest.mark.parametrize("email", ["Grace@example.com", "gRACE@EXAMPLE.COM", "grace@example.com"])
async def test_an_e_mail_is_taken_in_whatever_case(
    users: UserRepository, grace_id: int, email: str
) -> None:
    with pytest.raises(EmailTaken):
        await users.create(email, "another hash", "Somebody Else")
    assert await users.find(email) == grace_id


@pytest.mark.parametrize("email", ["gräce@example.com", "grace@example.org", "g.race@example.com"])
async def test_accents_and_dots_make_another_e_mail(
    users: UserRepository, grace_id: int, email: str
) -> None:
    assert await users.create(email, "a hash", "") != grace_id


async def test_composed_and_decomposed_letters_are_one_e_mail(users: UserRepository) -> None:
    await users.create("gr\u00e4ce@example.com", "a hash", "")
    with pytest.raises(EmailTaken):
        await users.create("gra\u0308ce@example.com", "a hash", "")


async def test_of_accounts_made_at_once_one_gets_the_e_mail(users: UserRepository) -> None:
    outcomes = await asyncio.gather(
        *(users.create("ada@example.com", "a hash", "") for _ in range(5)), return_exceptions=True
    )
    assert sum(isinstance(outcome, int) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, EmailTaken) for outcome in outcomes) == 4


@pytest.mark.parametrize("email", ["nobody@example.com", "%", "grace_example.com", ""])
async def test_a_stranger_is_not_found(users: UserRepository, grace_id: int, email: str) -> None:
    with pytest.raises(NotFound):
        await users.find(email)


@every_change
async def test_every_change_counts_once(
    users: UserRepository, hook: Hook, pg: asyncpg.Connection, grace_id: int, change: Change
) -> None:
    before = await row(pg, grace_id)
    user = await change(users, grace_id)
    after = await row(pg, grace_id)
    assert user.version == after["version"] == 2
    changed = {name for name in after if after[name] != before[name]}
    assert len(changed - {"version", "auth_version", "name_key"}) == 1


@pytest.mark.parametrize("name", CHANGES)
async def test_only_changes_of_access_refuse_older_tokens(
    users: UserRepository, pg: asyncpg.Connection, grace_id: int, name: str
) -> None:
    user = await CHANGES[name](users, grace_id)
    expected = 2 if name in ACCESS_CHANGES else 1
    assert user.auth_version == (await row(pg, grace_id))["auth_version"] == expected


@every_change
async def test_a_change_is_returned_as_it_is_stored(
    users: UserRepository, grace_id: int, session_id: int, change: Change
) -> None:
    returned = await change(users, grace_id)
    assert returned == await users.current(grace_id, session_id)


@every_change
async def test_the_cache_is_told_before_anybody_can_see_the_change(
    users: UserRepository, hook: Hook, grace_id: int, change: Change
) -> None:
    await change(users, grace_id)
    assert hook.told == [(grace_id, 2)]
    assert hook.seen_by_others == [1]


@every_change
async def test_a_change_that_the_cache_refuses_is_not_made(
    users: UserRepository, hook: Hook, pg: asyncpg.Connection, grace_id: int, change: Change
) -> None:
    before = await row(pg, grace_id)
    hook.error = RuntimeError("no cache")
    with pytest.raises(RuntimeError, match="no cache"):
        await change(users, grace_id)
    assert await row(pg, grace_id) == before


@every_change
async def test_nobody_cannot_be_changed(
    users: UserRepository, hook: Hook, grace_id: int, change: Change
) -> None:
    with pytest.raises(NotFound):
        await change(users, grace_id + 1)
    assert hook.told == []


async def test_changes_at_once_count_one_by_one(
    users: UserRepository, hook: Hook, orm: None, grace_id: int, pg: asyncpg.Connection
) -> None:
    async def quietly(user_id: int, version: int) -> None:
        hook.told.append((user_id, version))

    users = UserRepository(quietly, address_books)
    await asyncio.gather(*(users.edit(grace_id, {"name": f"Grace {n}"}) for n in range(5)))
    assert hook.told == [(grace_id, version) for version in range(2, 7)]
    assert (await row(pg, grace_id))["version"] == 6


async def test_the_current_user_needs_a_session_of_their_own(
    users: UserRepository, grace_id: int, session_id: int
) -> None:
    other_id = await users.create("ada@example.com", "a hash", "")
    assert await users.current(other_id, session_id) is None
    assert await users.current(grace_id, session_id + 1) is None
    assert await users.current(grace_id, session_id) is not None


@pytest.mark.parametrize("column", ["revoked_at", "expires_at"])
async def test_a_session_that_is_over_has_no_user(
    users: UserRepository, pg: asyncpg.Connection, grace_id: int, session_id: int, column: str
) -> None:
    await pg.execute(f"UPDATE sessions SET {column} = now() WHERE id = $1", session_id)
    assert await users.current(grace_id, session_id) is None


async def test_a_disabled_user_is_told_as_such(
    users: UserRepository, grace_id: int, session_id: int
) -> None:
    before = await users.current(grace_id, session_id)
    assert before is not None
    await users.set_access(grace_id, is_active=False)
    after = await users.current(grace_id, session_id)
    assert after == replace(before, is_active=False, version=2, auth_version=2)


async def test_the_password_hash_is_on_no_current_user(
    users: UserRepository, grace_id: int, session_id: int
) -> None:
    assert "a hash" not in repr(await users.current(grace_id, session_id))


async def test_names(users: UserRepository) -> None:
    user_id = await users.create("x@example.com", "a hash", "Grace")
    assert await users.names(user_id) == ("Grace", "x@example.com")


async def test_nobody_has_no_names(users: UserRepository) -> None:
    with pytest.raises(NotFound):
        await users.names(1)


async def test_another_hash_of_the_same_password_is_no_change(
    users: UserRepository, grace_id: int, hook: Hook, pg: asyncpg.Connection
) -> None:
    before = await row(pg, grace_id)
    await users.rehash(grace_id, "a hash that has been replaced meanwhile", "its stronger one")
    assert await row(pg, grace_id) == before
    await users.rehash(grace_id, str(before["password_hash"]), "a stronger hash")
    assert await row(pg, grace_id) == before | {"password_hash": "a stronger hash"}
    assert hook.told == []


async def test_the_e_mail_of_a_deleted_user(users: UserRepository, grace_id: int) -> None:
    assert await users.delete(grace_id) == "Grace@example.com"
