"""What all commands share: settings, the service's parts, and failing in words for a person."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import TypeVar

import click

from contactsvc.accounts.administration.service import Administration
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.invalidation import Invalidation, unsettled
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.accounts.users.service import Accounts
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.database import (
    announcements,
    database,
    database_url,
    migrations,
    readiness,
)
from contactsvc.platform.errors import ServiceError, ValidationFailed
from contactsvc.platform.redis.connection import connect
from contactsvc.platform.settings import Settings, SettingsError, load_settings

Result = TypeVar("Result")


@dataclass(frozen=True)
class Desk:
    """The parts of the service that commands work with.

    Args:
        settings: Of the installation.
        users: The accounts.
        accounts: Makes them.
        administration: Changes them; writes the audit log.
    """

    settings: Settings
    users: UserRepository
    accounts: Accounts
    administration: Administration


def read_settings() -> Settings:
    """Return the settings, or end the command with what is wrong with them, one a line."""
    try:
        return load_settings()
    except SettingsError as error:
        lines = "\n".join(f"  {problem}" for problem in error.problems)
        raise click.ClickException(f"The settings do not fit:\n{lines}") from error
    except (OSError, UnicodeError) as error:
        raise click.ClickException(f"The settings cannot be read: {error}") from error


@contextmanager
def readable_errors() -> Iterator[None]:
    """End the command with exit code 1 and a sentence where something is refused or away."""
    try:
        yield
    except ValidationFailed as error:
        lines = [f"{pointer.strip('/')}: {detail}" for pointer, detail in error.errors]
        raise click.ClickException(" ".join(lines)) from error
    except (OSError, RuntimeError, ServiceError) as error:
        raise click.ClickException(str(error)) from error


def run(work: Callable[[Desk], Awaitable[Result]]) -> Result:
    """Do some work in the database and cache that the settings name, and return its result."""
    settings = read_settings()

    async def in_database(url: str) -> Result:
        if settings.embedded:
            await migrations.migrate(url)
        async with database(url), _desk(settings) as desk:
            await readiness.examine()
            return await work(desk)

    with readable_errors(), database_url(settings) as url:
        return asyncio.run(in_database(url))


@asynccontextmanager
async def _desk(settings: Settings) -> AsyncIterator[Desk]:
    """Put the parts together as the service does, but for mail: its worker sends what is due."""
    passwords, policy = Passwords(), PasswordPolicy.of(settings)
    try:
        async with _repositories(settings) as (users, sessions):
            accounts = Accounts(
                users,
                sessions,
                passwords,
                policy,
                _nothing,
                _nothing,
                reveals_taken_email=True,
            )
            administration = Administration(users, sessions, _nothing)
            yield Desk(settings, users, accounts, administration)
    finally:
        passwords.close()
        policy.close()


@asynccontextmanager
async def _repositories(
    settings: Settings,
) -> AsyncIterator[tuple[UserRepository, SessionRepository]]:
    """Give repositories whose changes reach the cache of a running service."""
    ttl, max_age = settings.refresh_token_ttl, settings.session_max_age
    if settings.redis_url is None:
        # The cache is inside the running service, if there is one; it listens to PostgreSQL.
        yield (
            UserRepository(announcements.announce_user, address_books),
            SessionRepository(ttl, announcements.announce_sessions, max_age),
        )
        return
    async with aclosing(connect(settings.redis_url)) as redis:
        cache = CurrentUserCache(redis, settings.user_cache_ttl, settings.access_token_ttl)
        invalidation = Invalidation(cache)
        work = unsettled()
        yield (
            UserRepository(invalidation.user_changed, address_books),
            SessionRepository(ttl, invalidation.sessions_ended, max_age),
        )
        await work.settle()


def _nothing(_: object = None) -> None:
    pass
