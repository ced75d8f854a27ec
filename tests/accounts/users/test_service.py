"""Sign-up: the same for an e-mail that is new and one that is taken."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.users.model import Role
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.accounts.users.service import Accounts
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.caller import Caller
from contactsvc.platform.errors import EmailTaken, ValidationFailed
from tests.support.services import CALLER, EMAIL, Log, ignore

PASSWORD = "correct horse battery staple"


@dataclass
class Services:
    """Accounts of both kinds, on one table."""

    silent: Accounts
    telling: Accounts
    passwords: Passwords


@pytest.fixture
async def services(orm: None) -> AsyncIterator[Services]:
    passwords = Passwords(threads=1)
    parts = (
        UserRepository(ignore, address_books),
        SessionRepository(60, ignore, max_age=60),
        AppPasswordRepository(ignore),
        passwords,
        PasswordPolicy(12),
    )
    yield Services(
        Accounts(*parts, reveals_taken_email=False),
        Accounts(*parts, reveals_taken_email=True),
        passwords,
    )
    passwords.close()


async def test_an_account_is_made_with_a_hash(services: Services, pg: asyncpg.Connection) -> None:
    await services.silent.register("Grace@example.com", PASSWORD, "Grace", Caller())
    row = await pg.fetchrow("SELECT * FROM users")
    assert (row["email"], row["name"]) == ("Grace@example.com", "Grace")
    assert (row["confirmed"], row["role"]) == (False, "user")
    assert await services.passwords.verify(PASSWORD, row["password_hash"])


async def test_a_taken_e_mail_changes_nothing_and_is_not_told(
    services: Services, pg: asyncpg.Connection
) -> None:
    await services.silent.register("grace@example.com", PASSWORD, "Grace", Caller())
    before = await pg.fetch("SELECT * FROM users")
    await services.silent.register("GRACE@example.com", f"{PASSWORD}!", "Eve", Caller())
    assert await pg.fetch("SELECT * FROM users") == before


async def test_a_taken_e_mail_is_told_where_that_is_wanted(
    services: Services, pg: asyncpg.Connection
) -> None:
    await services.telling.create_confirmed("grace@example.com", PASSWORD, "", Role.USER, Caller())
    with pytest.raises(EmailTaken):
        await services.telling.register("grace@example.com", PASSWORD, "Eve", Caller())
    assert await pg.fetchval("SELECT count(*) FROM users") == 1


async def test_a_weak_password_is_refused_for_new_and_taken_alike(
    services: Services, pg: asyncpg.Connection
) -> None:
    await services.silent.register("grace@example.com", PASSWORD, "Grace", Caller())
    for email in ("grace@example.com", "new@example.com"):
        with pytest.raises(ValidationFailed) as error:
            await services.silent.register(email, "short", "", Caller())
        assert [field.pointer for field in error.value.errors] == ["/password"]
    assert await pg.fetchval("SELECT count(*) FROM users") == 1


@pytest.mark.parametrize("role", Role)
async def test_an_account_that_a_command_makes_is_noted_with_its_role(
    services: Services, log: Log, role: Role
) -> None:
    user_id = await services.silent.create_confirmed(EMAIL, PASSWORD, "Grace", role, CALLER)

    told = [
        (row["event"], row["user_id"], row["actor_id"], row["data"]) for row in await log.rows()
    ]
    promoted = (Event.PRIVILEGE_CHANGE, user_id, None, {"role": role.value})
    assert told == [(Event.USER_CREATED, user_id, None, {})] + [promoted] * (role is not Role.USER)
    assert {(row["ip"], row["request_id"]) for row in await log.rows()} == {
        (CALLER.ip, CALLER.request_id)
    }
