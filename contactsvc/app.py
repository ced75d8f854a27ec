"""The composition root: the only place that picks implementations and ties them together."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from contactsvc import keys
from contactsvc.accounts.administration.service import Administration
from contactsvc.accounts.avatars.service import Avatars
from contactsvc.accounts.current_user.announcements import following
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.cache_lease import CacheLease
from contactsvc.accounts.current_user.invalidation import Invalidation
from contactsvc.accounts.current_user.lease import Lease
from contactsvc.accounts.current_user.pending_invalidations import PendingInvalidations
from contactsvc.accounts.mail_composer import Letters
from contactsvc.accounts.password_reset.service import PasswordReset
from contactsvc.accounts.registration.service import Confirmation
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.security.tokens import Tokens
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.sessions.service import Sessions
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.accounts.users.service import Accounts
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.housekeeping import Housekeeping, renew_keys
from contactsvc.mail.folder import FOLDER, FolderSender
from contactsvc.mail.renderer import Messages
from contactsvc.mail.sender import Sender
from contactsvc.mail.smtp import SmtpSender, SmtpServer
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.database import database, database_url, readiness
from contactsvc.platform.database.migrations import migrate
from contactsvc.platform.database.supervisor import supervised
from contactsvc.platform.errors import MigrationsDue, Misconfigured, Unavailable
from contactsvc.platform.keyring import Keyring
from contactsvc.platform.open_files import allow_connections
from contactsvc.platform.redis.connection import Client, connect
from contactsvc.platform.redis.throttle import Policy, Throttle
from contactsvc.platform.settings import Settings
from contactsvc.platform.settings.data_dir import unwritable
from contactsvc.platform.storage.cloudinary import CloudinaryAccount, CloudinaryStore
from contactsvc.platform.storage.folder import FolderStore
from contactsvc.platform.storage.pictures import Pictures
from contactsvc.platform.text import sort_keys
from contactsvc.routes import add_routes
from contactsvc.web.connections import Connections
from contactsvc.web.cursors import Cursors
from contactsvc.web.draining import Draining
from contactsvc.web.middleware import MIDDLEWARES, connection
from contactsvc.web.middleware.cors import allow_origin
from contactsvc.web.middleware.headers import add_headers
from contactsvc.web.middleware.validation import install_parser
from contactsvc.web.openapi import build_document
from contactsvc.web.scrapes import Scrapes

logger = logging.getLogger(__name__)

_THIS_MACHINE: Final = ("localhost", "127.0.0.1", "::1")


def create_app(settings: Settings) -> web.Application:
    """Return the whole service; nothing is opened before the application starts."""
    app = web.Application(
        middlewares=MIDDLEWARES,
        client_max_size=settings.max_body_size,
        handler_args=connection.HANDLER_ARGS,
    )
    app[keys.SETTINGS] = settings
    app[keys.OPENAPI] = build_document()
    app[keys.CONNECTIONS] = Connections(settings.max_connections)
    app[keys.DRAINING] = Draining()
    app[keys.SCRAPES] = Scrapes(settings.database_timeout)
    connection.install()
    install_parser(app)
    add_routes(app)
    app.on_response_prepare.extend([add_headers, allow_origin, connection.close_unread])
    app.on_startup.extend([_warn_of_plain_http, _warn_of_data_dir, _allow_connections])
    app.cleanup_ctx.append(_database)
    _assemble(app, settings)
    return app


async def freeze_garbage(_: web.Application) -> None:
    """Spare the garbage collector what lives as long as the process; for on_startup.

    It would look at all of that again and again, while requests wait. A process that serves one
    application does this; tests, which make many, do not.
    """
    gc.collect()
    gc.freeze()


def _assemble(app: web.Application, settings: Settings) -> None:
    redis = connect(settings.redis_url, settings.redis_timeout)
    # The embedded Redis is this process' own: nobody else could fail to tell it.
    app[keys.LEASE] = lease = Lease() if settings.redis_url else None
    cache = CurrentUserCache(
        redis, settings.user_cache_ttl, settings.access_token_ttl, settings.redis_timeout, lease
    )
    invalidation = Invalidation(cache)
    users = UserRepository(invalidation.user_changed, address_books)
    sessions = SessionRepository(
        settings.refresh_token_ttl, invalidation.sessions_ended, settings.session_max_age
    )
    keyring = Keyring(settings.secret_key, settings.secret_key_fallbacks)
    tokens = Tokens(keyring, settings.public_url, settings.access_token_ttl)
    passwords = Passwords()
    avatars = _avatars(app, settings, users)
    worker = _outbox_worker(settings, users)
    mail_is_due = worker.wake
    app[keys.CACHE] = cache
    app[keys.THROTTLE] = throttle = _throttle(settings, redis)
    app[keys.USERS] = users
    app[keys.TOKENS] = tokens
    app[keys.CURSORS] = Cursors(keyring)
    policy = PasswordPolicy.of(settings)
    app[keys.ACCOUNTS] = Accounts(
        users,
        sessions,
        passwords,
        policy,
        mail_is_due,
        avatars.discard,
        reveals_taken_email=settings.registration_reveals_taken_email,
    )
    app[keys.ADMINISTRATION] = Administration(users, sessions, mail_is_due)
    app[keys.CONFIRMATION] = Confirmation(users, passwords, mail_is_due, avatars.discard)
    app[keys.PASSWORD_RESET] = PasswordReset(
        users,
        sessions,
        passwords,
        policy,
        mail_is_due,
        forget_tries=partial(throttle.clear, Policy.LOGIN_ACCOUNT),
    )
    app[keys.SESSIONS] = Sessions(
        users,
        sessions,
        passwords,
        tokens,
        require_confirmed_email=settings.require_confirmed_email,
    )

    async def _outbox(_: web.Application) -> AsyncIterator[None]:
        if settings.smtp_url is None:
            folder = make_sender(settings).place
            logger.info("SMTP_URL is not set: mail is written into %s.", folder)
        async with worker.running(), Housekeeping(settings).running():
            yield

    async def _redis(_: web.Application) -> AsyncIterator[None]:
        yield
        await redis.aclose()

    async def _passwords(_: web.Application) -> AsyncIterator[None]:
        yield
        passwords.close()
        policy.close()

    app.cleanup_ctx.insert(0, _redis)  # closed last: the lease on its copies uses it to the end
    app.cleanup_ctx.extend([_passwords, _outbox])


def _avatars(app: web.Application, settings: Settings, users: UserRepository) -> Avatars:
    pictures = Pictures()
    folder = FolderStore(settings.data_dir / "avatars")
    url = settings.cloudinary_url
    cloud = CloudinaryStore(CloudinaryAccount.parse(url)) if url is not None else None
    avatars = Avatars(users, pictures, cloud, folder) if cloud else Avatars(users, pictures, folder)
    app[keys.AVATARS] = avatars
    app[keys.AVATAR_FOLDER] = folder

    async def _closing(_: web.Application) -> AsyncIterator[None]:
        yield
        await avatars.close()
        pictures.close()
        if cloud:
            cloud.close()

    app.cleanup_ctx.append(_closing)
    return avatars


def make_sender(settings: Settings) -> Sender:
    """Return the way in which mail is sent."""
    if settings.smtp_url is None:
        return FolderSender(settings.data_dir / FOLDER)
    return SmtpSender(SmtpServer.parse(settings.smtp_url))


def _outbox_worker(settings: Settings, users: UserRepository) -> OutboxWorker:
    letters = Letters(
        users,
        Messages(settings.public_url, settings.mail_from),
        min(settings.confirmation_ttl, settings.unconfirmed_ttl),
        settings.reset_ttl,
    )
    return OutboxWorker(make_sender(settings), letters)


def _throttle(settings: Settings, redis: Client) -> Throttle:
    limits = {
        Policy.LOGIN_ADDRESS: settings.login_limit_per_address,
        Policy.LOGIN_ACCOUNT: settings.login_limit_per_account,
        Policy.MAIL_ADDRESS: settings.mail_limit_per_address,
        Policy.MAIL_ACCOUNT: settings.mail_limit_per_account,
        Policy.USER: settings.user_limit,
    }
    # The embedded Redis is in this process too, and counting is cheaper without it.
    return Throttle(limits, redis if settings.redis_url else None, settings.redis_timeout)


async def _warn_of_plain_http(app: web.Application) -> None:
    url = urlsplit(app[keys.SETTINGS].public_url)
    if url.scheme == "http" and url.hostname not in _THIS_MACHINE:
        logger.warning(
            "PUBLIC_URL is http: passwords and tokens can be read on their way. "
            "Put a proxy that speaks TLS before the service, and set its https URL."
        )


async def _allow_connections(app: web.Application) -> None:
    allow_connections(app[keys.SETTINGS].max_connections)


async def _warn_of_data_dir(app: web.Application) -> None:
    settings = app[keys.SETTINGS]
    if settings.smtp_url and settings.cloudinary_url:
        return
    if reason := await asyncio.to_thread(unwritable, settings.data_dir):
        logger.error("%s Mail and avatars are kept there.", reason)


async def _database(app: web.Application) -> AsyncIterator[None]:
    settings = app[keys.SETTINGS]
    async with AsyncExitStack() as opened:
        url = opened.enter_context(database_url(settings))
        if settings.embedded:
            await migrate(url)
            await opened.enter_async_context(supervised(settings.data_dir / "postgres"))
        pool = database(url, settings.database_pool_size, settings.database_timeout)
        await opened.enter_async_context(pool)
        sort_keys.collator()  # reads its table now, and not while a request waits
        await _begin(settings)
        cache, lease = app[keys.CACHE], app[keys.LEASE]
        if lease is None:
            await opened.enter_async_context(following(url, cache))
        else:
            renewing = CacheLease(lease, cache, PendingInvalidations(url))
            await opened.enter_async_context(renewing.running())
        yield


async def _begin(settings: Settings) -> None:
    """Log why the database cannot be used; requests are answered with 503 until it can be."""
    try:
        await readiness.examine()
        if settings.embedded:
            await renew_keys()
    except (Misconfigured, MigrationsDue) as error:
        logger.error("%s", error)  # noqa: TRY400 - one line for whoever sets the service up
    except Unavailable as error:
        # It may come up later than the service.
        logger.warning("%s (%s)", error, repr(error.__cause__).splitlines()[0])
