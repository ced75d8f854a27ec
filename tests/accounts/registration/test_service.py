"""An e-mail is confirmed once, whole, and for what the link was made."""

import asyncio

import asyncpg
import pytest

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.registration.service import Confirmation
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.users.filter import UserFilter
from contactsvc.platform.errors import EmailTaken, InvalidToken
from tests.support.locks import until_locks_wait
from tests.support.services import (
    CALLER,
    EMAIL,
    USERS,
    Log,
    WakeCounter,
    asked_for,
    issue,
    table_away,
)

NEW = "admiral@example.com"


@pytest.fixture
def confirmation(orm: None, passwords: Passwords) -> Confirmation:
    return Confirmation(USERS, passwords)


@pytest.fixture
async def unconfirmed(orm: None) -> int:
    """The id of an account that is not confirmed."""
    return await USERS.create(EMAIL, "a hash", "Grace")


async def test_a_mail_is_asked_for_whoever_it_is(
    confirmation: Confirmation, grace_id: int, wakes: WakeCounter, pg: asyncpg.Connection
) -> None:
    for email in (EMAIL, "nobody@example.com"):
        await confirmation.request(email)
    assert await asked_for(pg) == [
        ("confirm_email", EMAIL, "pending"),
        ("confirm_email", "nobody@example.com", "pending"),
    ]
    assert wakes.calls == 2


async def test_confirming_twice_is_told_once(
    confirmation: Confirmation, unconfirmed: int, log: Log
) -> None:
    token = await issue(unconfirmed, Purpose.CONFIRM_EMAIL)
    await confirmation.check(token)
    assert not (await USERS.get(unconfirmed)).confirmed, "looking changes nothing"

    for _ in range(2):
        await confirmation.confirm(token, CALLER)
        assert (await USERS.get(unconfirmed)).confirmed

    [row] = await log.rows()
    assert (row["user_id"], row["data"]) == (unconfirmed, {"purpose": "confirm_email"})
    assert (await log.last())[0] == Event.USER_CONFIRMED


@pytest.mark.parametrize("earlier", [0, 1], ids=["it made the account", "it makes the account"])
async def test_an_account_is_found_by_the_name_of_the_registration_that_is_confirmed(
    confirmation: Confirmation, earlier: int
) -> None:
    for _ in range(earlier):
        await registrations.add(EMAIL, "a hash", "Mallory")
    added = await registrations.add(EMAIL, "a hash", "Zoë Ångström")
    token = await registrations.issue(added.id, 60)
    assert token is not None

    await confirmation.confirm(token, CALLER)

    [user] = (await USERS.page(UserFilter("zoe angstrom", confirmed=True), 5)).rows
    assert (user.email, user.name) == (EMAIL, "Zoë Ångström")
    assert (await USERS.page(UserFilter("mallory"), 5)).rows == []


async def test_another_e_mail_takes_resets_of_the_old_one_back(
    confirmation: Confirmation, grace_id: int, log: Log, pg: asyncpg.Connection
) -> None:
    await issue(grace_id, Purpose.RESET_PASSWORD)
    await confirmation.confirm(await issue(grace_id, Purpose.CHANGE_EMAIL, NEW), CALLER)
    changed = await USERS.get(grace_id)
    assert (changed.email, changed.confirmed) == (NEW, True)
    left = [row["purpose"] for row in await pg.fetch("SELECT purpose FROM one_time_tokens")]
    assert left == ["change_email"], "which is used"
    about = {"purpose": "change_email"}
    assert await log.last() == (Event.USER_CONFIRMED, grace_id, None, about)


async def test_a_link_is_not_used_up_by_what_does_not_happen(
    confirmation: Confirmation, grace_id: int, pg: asyncpg.Connection, log: Log
) -> None:
    token = await issue(grace_id, Purpose.CHANGE_EMAIL, NEW)
    other = await USERS.create(NEW, "a hash", "Somebody")
    await USERS.confirm(other)
    with pytest.raises(EmailTaken):
        await confirmation.confirm(token, CALLER)
    await USERS.delete(other)
    async with table_away(pg, "audit_events"):
        with pytest.raises(Exception, match="audit_events"):
            await confirmation.confirm(token, CALLER)
    assert (await USERS.get(grace_id)).email == EMAIL

    await confirmation.confirm(token, CALLER)
    assert (await USERS.get(grace_id)).email == NEW
    assert len(await log.rows()) == 1


async def test_a_link_that_is_revoked_at_that_moment_confirms_nothing(
    confirmation: Confirmation, unconfirmed: int, pg: asyncpg.Connection, log: Log
) -> None:
    token = await issue(unconfirmed, Purpose.CONFIRM_EMAIL)
    async with pg.transaction():
        await pg.execute("SELECT FROM users FOR UPDATE")
        confirming = asyncio.create_task(confirmation.confirm(token, CALLER))
        await until_locks_wait(pg)
        await pg.execute("DELETE FROM one_time_tokens")
    with pytest.raises(InvalidToken):
        await confirming
    assert not (await USERS.get(unconfirmed)).confirmed
    assert await log.rows() == []


async def test_a_link_for_a_password_confirms_nothing(
    confirmation: Confirmation, unconfirmed: int, log: Log
) -> None:
    reset = await issue(unconfirmed, Purpose.RESET_PASSWORD)
    for token in (reset, "unknown"):
        for use in (confirmation.check(token), confirmation.confirm(token, CALLER)):
            with pytest.raises(InvalidToken):
                await use
    assert not (await USERS.get(unconfirmed)).confirmed
    assert await log.rows() == []
