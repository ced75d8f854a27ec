"""Somebody always administers, whatever is changed at once."""

from dataclasses import replace

import asyncpg
import pytest

from contactsvc.accounts.users.model import Role
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.errors import LastAdmin, NotFound
from tests.support.accounts import add_account
from tests.support.services import ignore

ADMIN, USER = Role.ADMIN, Role.USER


@pytest.fixture
def users(orm: None) -> UserRepository:
    return UserRepository(ignore, address_books)


async def test_role_and_active_are_one_change(users: UserRepository, owner: int) -> None:
    before, after = await users.set_access(owner, role=ADMIN, is_active=True)
    assert before == replace(after, role=USER, version=1, auth_version=1)
    assert (after.role, after.version, after.auth_version) == (ADMIN, 2, 2)
    assert await users.get(owner) == after


async def test_what_is_so_already_is_no_change(users: UserRepository, owner: int) -> None:
    was = await users.get(owner)
    assert await users.set_access(owner) == (was, was)
    assert await users.set_access(owner, role=USER, is_active=True) == (was, was)
    assert await users.get(owner) == was


async def test_nobody_is_changed(users: UserRepository) -> None:
    with pytest.raises(NotFound):
        await users.set_access(1, role=ADMIN)


CASES: list[tuple[tuple[Role, bool], tuple[Role | None, bool | None], bool]] = [
    # Role and active of somebody, what is to be changed, and whether an administrator leaves.
    ((ADMIN, True), (USER, None), True),
    ((ADMIN, True), (None, False), True),
    ((ADMIN, True), (USER, False), True),
    ((USER, True), (ADMIN, False), True),
    ((ADMIN, False), (USER, None), False),
    ((ADMIN, False), (USER, True), False),
    ((ADMIN, False), (None, True), False),
    ((USER, True), (None, False), False),
    ((USER, True), (ADMIN, None), False),
    ((USER, False), (ADMIN, None), False),
    ((USER, False), (ADMIN, True), False),
]


@pytest.mark.parametrize("others", [0, 1])
@pytest.mark.parametrize(("now", "change", "leaves"), CASES)
async def test_the_last_one_stays(
    users: UserRepository,
    pg: asyncpg.Connection,
    others: int,
    now: tuple[Role, bool],
    change: tuple[Role | None, bool | None],
    leaves: bool,
) -> None:
    user_id = await add_account(pg, "grace@example.com", role=now[0], is_active=now[1])
    await add_account(pg, "disabled@example.com", role=ADMIN, is_active=False)
    if others:
        await add_account(pg, "root@example.com", role=ADMIN)
    was = await users.get(user_id)

    changing = users.set_access(user_id, role=change[0], is_active=change[1])
    if leaves and not others:
        with pytest.raises(LastAdmin):
            await changing
        assert await users.get(user_id) == was
        return
    _, after = await changing
    is_active = was.is_active if change[1] is None else change[1]
    assert (after.role, after.is_active) == (change[0] or was.role, is_active)
    assert await users.get(user_id) == after


@pytest.mark.parametrize("others", [0, 1])
async def test_the_last_one_is_not_deleted(
    users: UserRepository, pg: asyncpg.Connection, others: int
) -> None:
    user_id = await add_account(pg, "grace@example.com", role=ADMIN)
    if others:
        await add_account(pg, "root@example.com", role=ADMIN)
        await users.delete(user_id)
        return
    with pytest.raises(LastAdmin):
        await users.delete(user_id)
    await users.get(user_id)
