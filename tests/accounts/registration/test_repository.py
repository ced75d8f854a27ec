"""Registrations that wait: how many, for how long, and which of them counts."""

import asyncio
from datetime import timedelta

import asyncpg
import pytest
from tortoise.connection import get_connection

from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.registration.model import Registration
from contactsvc.accounts.registration.repository import PendingRegistration
from contactsvc.accounts.users.model import Credentials
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import InvalidToken
from tests.support.accounts import add_account
from tests.support.clocks import Clock
from tests.support.rows import statements

pytestmark = pytest.mark.usefixtures("orm")

EMAIL, OTHER = "Grace@example.com", "ada@example.com"
MAX_REGISTRATIONS = 20


def hashes(waiting: list[PendingRegistration]) -> list[str]:
    return [each.password_hash for each in waiting]


async def test_the_first_of_a_free_e_mail_makes_the_account(pg: asyncpg.Connection) -> None:
    first = await registrations.add(EMAIL, "hash 1", "Grace")
    second = await registrations.add(EMAIL.upper(), "hash 2", "Mallory")

    assert (first.user_id, first.is_taken) == (1, False)
    assert (second.user_id, second.is_taken) == (None, False)
    [user] = await pg.fetch("SELECT email, name, password_hash, confirmed FROM users")
    assert tuple(user) == (EMAIL, "Grace", "hash 1", False)
    await pg.execute("UPDATE users SET confirmed = true")
    assert (await registrations.add(EMAIL, "hash 3", "")).is_taken
    newest = await registrations.newest("grace@EXAMPLE.com")
    assert newest is not None
    assert (newest.password_hash, newest.user_id, newest.digest) == ("hash 3", None, None)


async def test_what_an_e_mail_is_signed_in_with_is_one_statement(pg: asyncpg.Connection) -> None:
    """Whatever its case, and whether it has an account, registrations, both or neither."""
    account = Credentials(1, "hash 1", confirmed=False, is_active=True, auth_version=1)
    for number in (1, 2):
        await registrations.add(EMAIL, f"hash {number}", "")
        await registrations.add(OTHER, "another hash", "")
    with statements() as sent:
        found = [
            await registrations.sign_in_with(email)
            for email in ("nobody@example.com", EMAIL, EMAIL.upper(), "%")
        ]
    assert found == [(None, None), (account, "hash 2"), (account, "hash 2"), (None, None)]
    assert len({sql for sql, _ in sent}) == 1
    assert len(sent) == 4

    await pg.execute("UPDATE users SET confirmed = true, is_active = false, auth_version = 3")
    await pg.execute("DELETE FROM registrations WHERE email = $1", EMAIL)
    changed = Credentials(1, "hash 1", confirmed=True, is_active=False, auth_version=3)
    assert await registrations.sign_in_with(EMAIL) == (changed, None)
    await pg.execute("DELETE FROM users")
    assert await registrations.sign_in_with(OTHER) == (None, "another hash")


async def test_an_e_mail_is_not_taken_by_the_account_of_another(pg: asyncpg.Connection) -> None:
    await add_account(pg, OTHER)
    for password_hash in ("makes an account", "makes none"):
        assert not (await registrations.add(EMAIL, password_hash, "")).is_taken


async def test_each_is_found_whoever_else_waits() -> None:
    """The one of another e-mail was made later."""
    first, second = [(await registrations.add(EMAIL, f"hash {n}", "")).id for n in (1, 2)]
    other = (await registrations.add(OTHER, "hash 3", "")).id

    for email, newest in ((EMAIL, second), (OTHER, other)):
        found = await registrations.newest(email)
        assert found is not None
        assert found.id == newest
    for each in (first, second, other):
        found = await registrations.get(each)
        assert found is not None
        assert found.id == each
    assert await registrations.get(2**40) is None
    assert await registrations.newest("nobody@example.com") is None


async def test_the_oldest_comes_first_though_it_was_written_last() -> None:
    first, second = [(await registrations.add(EMAIL, f"hash {n}", "")).id for n in (1, 2)]
    assert await registrations.issue(first, 60)

    async with transaction():
        # Without an index the rows come as they lie, and the one that was changed lies last.
        for scan in ("indexscan", "bitmapscan"):
            await get_connection("default").execute_query(f"SET LOCAL enable_{scan} = off")
        assert [each.id for each in await registrations.of_email(EMAIL)] == [first, second]


async def test_an_accounts_new_password_is_that_of_its_own_registration_alone() -> None:
    added = [await registrations.add(email, "hash", "") for email in (EMAIL, EMAIL, OTHER)]
    assert [each.user_id is None for each in added] == [False, True, False]
    assert added[0].user_id is not None

    await registrations.set_password(added[0].user_id, "another hash")

    assert hashes(await registrations.of_email(EMAIL)) == ["another hash", "hash"]
    assert hashes(await registrations.of_email(OTHER)) == ["hash"]


async def test_an_e_mail_is_forgotten_and_no_other() -> None:
    for email in (EMAIL, EMAIL, OTHER):
        await registrations.add(email, "hash", "")

    await registrations.forget(EMAIL.upper())

    assert await registrations.of_email(EMAIL) == []
    assert len(await registrations.of_email(OTHER)) == 1


async def test_a_free_and_a_taken_e_mail_take_the_same_statements(pg: asyncpg.Connection) -> None:
    await add_account(pg, "taken@example.com")
    sent = []
    for email in ("free@example.com", "taken@example.com"):
        with statements() as seen:
            await registrations.add(email, "hash", "")
        sent.append([query for query, _ in seen])
    assert sent[0] == sent[1]
    assert len(sent[0]) >= 3


async def test_an_e_mail_has_so_many_and_the_newest_stay(pg: asyncpg.Connection) -> None:
    for number in range(MAX_REGISTRATIONS + 3):
        await registrations.add(EMAIL, f"hash {number}", "")
    await registrations.add(OTHER, "hash", "")

    assert hashes(await registrations.of_email(EMAIL)) == [f"hash {n}" for n in range(3, 23)]
    assert len(await registrations.of_email(OTHER)) == 1


async def test_many_at_once_neither_fail_nor_pile_up(pg: asyncpg.Connection) -> None:
    await asyncio.gather(
        *(registrations.add(EMAIL, f"{n}", "") for n in range(3 * MAX_REGISTRATIONS))
    )
    await registrations.add(EMAIL, "the last", "")

    assert len(await registrations.of_email(EMAIL)) == MAX_REGISTRATIONS
    assert await pg.fetchval("SELECT count(*) FROM users") == 1


async def test_a_link_is_its_registrations_own_and_ends(clock: Clock) -> None:
    first = await registrations.add(EMAIL, "hash 1", "")
    second = await registrations.add(EMAIL, "hash 2", "")
    token, other = [await registrations.issue(each.id, 60) for each in (first, second)]
    assert token is not None
    assert other is not None
    assert (await registrations.find(token)).id == first.id
    again = await registrations.issue(first.id, 60)
    assert again is not None
    with pytest.raises(InvalidToken):
        await registrations.find(token)
    assert (await registrations.find(other)).id == second.id
    row = await Registration.get(id=first.id)
    assert again not in (row.digest, None), "its SHA-256 alone is stored"

    clock.move(60)
    with pytest.raises(InvalidToken):
        await registrations.find(again)
    assert await registrations.issue(2**40, 60) is None


async def test_what_has_waited_long_enough_goes(pg: asyncpg.Connection, clock: Clock) -> None:
    for who in ("waited", "prolonged"):
        await registrations.add(f"{who}@example.com", "hash", "")
    clock.move(10)
    assert await registrations.purge(clock.now() - timedelta(seconds=10)) == 0
    await registrations.extend_retention("PROLONGED@example.com")
    clock.move(1)
    await registrations.add("new@example.com", "hash", "")

    assert await registrations.purge(clock.now() - timedelta(seconds=10)) == 1

    left = await pg.fetchval("SELECT array_agg(email ORDER BY email) FROM registrations")
    assert left == ["new@example.com", "prolonged@example.com"]
