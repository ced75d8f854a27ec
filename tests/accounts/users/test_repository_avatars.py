"""An account's avatar: the one that nobody has any more is discarded, once and not too early."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import NotFound
from tests.accounts.users.conftest import Hook, row


async def test_an_avatar_discards_the_one_before(
    orm: None, grace_id: int, hook: Hook, pg: asyncpg.Connection
) -> None:
    discarded: list[str] = []
    users = UserRepository(hook, address_books, discarded.append)
    assert (await users.set_avatar(grace_id, "folder:a")).avatar == "folder:a"
    assert discarded == []
    assert (await users.set_avatar(grace_id, None)).avatar is None
    assert discarded == ["folder:a"]
    assert (await row(pg, grace_id))["auth_version"] == 1
    assert hook.told == [(grace_id, 2), (grace_id, 3)]


async def test_nobody_gets_no_avatar(users: UserRepository) -> None:
    with pytest.raises(NotFound):
        await users.set_avatar(1, "folder:a")


async def test_of_avatars_set_at_once_each_but_the_last_is_discarded_once(
    orm: None, grace_id: int, pg: asyncpg.Connection
) -> None:
    async def quietly(user_id: int, version: int) -> None:
        pass

    discarded: list[str] = []
    users, avatars = (
        UserRepository(quietly, address_books, discarded.append),
        [f"folder:{n}" for n in range(20)],
    )
    await asyncio.gather(*(users.set_avatar(grace_id, each) for each in avatars))
    left = (await row(pg, grace_id))["avatar"]
    assert sorted([*discarded, str(left)]) == sorted(avatars)


@pytest.mark.parametrize("delete", ["delete", "delete_unconfirmed"])
async def test_the_avatar_of_a_deleted_user_is_discarded_when_that_is_committed(
    orm: None, grace_id: int, hook: Hook, delete: str
) -> None:
    discarded: list[str] = []
    users = UserRepository(hook, address_books, discarded.append)
    await users.set_avatar(grace_id, "folder:a")
    hook.error = ZeroDivisionError()
    with pytest.raises(ZeroDivisionError):
        await getattr(users, delete)(grace_id)
    assert discarded == []

    hook.error = None
    async with transaction():
        await getattr(users, delete)(grace_id)
        assert discarded == []
    assert discarded == ["folder:a"]
