"""Picks every implementation and ties them together: for the application, commands and tests."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import cast

from aiohttp import web

from contactsvc.accounts.administration.service import Administration
from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.app_passwords.service import AppPasswords
from contactsvc.accounts.app_passwords.sign_in import AppPasswordSignIn
from contactsvc.accounts.avatars.service import Avatars, PictureDeleter
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.current_user.invalidation import Invalidation
from contactsvc.accounts.current_user.lease import Lease
from contactsvc.accounts.feed_secrets.service import FeedSecrets
from contactsvc.accounts.mail_composer import MailComposer
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
from contactsvc.contacts.reminders.composer import ReminderComposer
from contactsvc.contacts.reminders.unsubscribe_tokens import UnsubscribeTokens
from contactsvc.contacts.services import ContactServices
from contactsvc.contacts.transfer.service import AT_ONCE, UPLOADS
from contactsvc.housekeeping import Housekeeping
from contactsvc.mail import metrics
from contactsvc.mail import repository as outbox
from contactsvc.mail.folder import FOLDER, FolderSender
from contactsvc.mail.model import MailKind
from contactsvc.mail.renderer import MailRenderer
from contactsvc.mail.sender import Sender
from contactsvc.mail.smtp import SmtpSender, SmtpServer
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.admission import Admission, Queue, Queues
from contactsvc.platform.database import announcements
from contactsvc.platform.keyring import Keyring
from contactsvc.platform.redis.connection import Client, connect, unreachable
from contactsvc.platform.redis.throttle import Policy, Throttle
from contactsvc.platform.settings import Settings
from contactsvc.platform.storage.cloudinary import CloudinaryAccount, CloudinaryStore
from contactsvc.platform.storage.folder import FolderStore
from contactsvc.platform.storage.pictures import MAX_WAITING, Pictures
from contactsvc.routes import ROUTES
from contactsvc.web.connections import Connections
from contactsvc.web.cursors import Cursors
from contactsvc.web.draining import Draining
from contactsvc.web.health.service import Health
from contactsvc.web.keys import SERVICES
from contactsvc.web.openapi import build_document
from contactsvc.web.scrapes import Scrapes
from contactsvc.web.upload_slots import UploadSlots


@dataclass(frozen=True, kw_only=True)
class Services(ContactServices):
    """Every service, with what works beside the requests and what must be closed."""

    cloud: CloudinaryStore | None
    housekeeping: Housekeeping
    lease: Lease | None
    passwords: Passwords
    policy: PasswordPolicy
    redis: Client
    sender: Sender
    worker: OutboxWorker

    @asynccontextmanager
    async def closing(self) -> AsyncIterator[None]:
        """Close at the end what they hold: threads, and the connections to Redis."""
        try:
            yield
        finally:
            await self.avatars.close()
            self.pictures.close()
            if self.cloud is not None:
                self.cloud.close()
            self.passwords.close()
            self.policy.close()
            await self.redis.aclose()


def services_of(app: web.Application) -> Services:
    """Return what the application was made of."""
    return cast(Services, app[SERVICES])


def assemble(settings: Settings, *, beside_the_service: bool = False) -> Services:
    """Return the services that the settings ask for; nothing is opened yet.

    Args:
        settings: Of PostgreSQL, Redis, SMTP and Cloudinary, what has no URL is embedded.
        beside_the_service: For commands. Without REDIS_URL the cache is then inside another
            process, which is told of changes through PostgreSQL.
    """
    cache_is_elsewhere = beside_the_service and settings.redis_url is None
    redis = (
        unreachable() if cache_is_elsewhere else connect(settings.redis_url, settings.redis_timeout)
    )
    # A lease is for changes that another process could not tell Redis. Nobody else uses the
    # embedded one.
    lease = Lease() if settings.redis_url else None
    cache = CurrentUserCache(
        redis, settings.user_cache_ttl, settings.access_token_ttl, settings.redis_timeout, lease
    )
    throttle = _throttle(settings, redis)
    keyring = Keyring(settings.secret_key, settings.secret_key_fallbacks)
    tokens = Tokens(keyring, settings.public_url, settings.access_token_ttl)
    passwords, policy = Passwords(), PasswordPolicy.of(settings)
    folder, cloud = FolderStore(settings.data_dir / "avatars"), _cloud(settings)
    deleter = PictureDeleter(*((folder, cloud) if cloud else (folder,)))
    repositories = _repositories(settings, cache, deleter, cache_is_elsewhere=cache_is_elsewhere)
    users, sessions, app_passwords = repositories
    pictures = Pictures()
    avatars = Avatars(users, pictures, cloud or folder, deleter)
    sender, draining = make_sender(settings), Draining()
    unsubscribe_tokens = UnsubscribeTokens(keyring)
    worker = OutboxWorker(sender, _mail_composer(settings, users, unsubscribe_tokens))
    timeout = settings.database_timeout
    return Services(
        accounts=Accounts(
            users,
            sessions,
            app_passwords,
            passwords,
            policy,
            reveals_taken_email=settings.registration_reveals_taken_email,
        ),
        administration=Administration(users, sessions, app_passwords),
        app_passwords=AppPasswords(users, app_passwords),
        app_password_sign_in=AppPasswordSignIn(app_passwords, cache, throttle),
        avatar_folder=folder,
        avatars=avatars,
        cache=cache,
        cloud=cloud,
        confirmation=Confirmation(users, passwords),
        connections=Connections(settings.max_connections),
        cursors=Cursors(keyring),
        card_lists=Queues(4, most_waiting=16, timeout=30.0),
        batches=Admission(8, most_of_one=4),
        card_queries=Admission(16, most_of_one=1),
        data_exports=Admission(2, most_of_one=1),
        duplicate_searches=Admission(8, most_of_one=4),
        draining=draining,
        health=Health(cache, outbox.is_stuck, address_books.reach_all, draining, timeout),
        housekeeping=Housekeeping(settings),
        import_uploads=UploadSlots(UPLOADS),
        imports=Queue(AT_ONCE, timeout=60.0),
        exports=Admission(8, most_of_one=2),
        feed_secrets=FeedSecrets(users),
        feeds=Admission(8, most_of_one=2),
        lease=lease,
        openapi=partial(build_document, ROUTES),
        password_reset=PasswordReset(
            users,
            sessions,
            app_passwords,
            passwords,
            policy,
            clear_attempts=partial(throttle.clear, Policy.LOGIN_ACCOUNT),
        ),
        passwords=passwords,
        photo_uploads=Admission(MAX_WAITING, most_of_one=MAX_WAITING // 4),
        pictures=pictures,
        policy=policy,
        redis=redis,
        scrapes=Scrapes(timeout, metrics.families),
        sender=sender,
        sessions=Sessions(
            users,
            sessions,
            passwords,
            tokens,
            require_confirmed_email=settings.require_confirmed_email,
        ),
        settings=settings,
        throttle=throttle,
        tokens=tokens,
        unsubscribe_tokens=unsubscribe_tokens,
        users=users,
        worker=worker,
    )


def make_sender(settings: Settings) -> Sender:
    """Return the sender of mail: SMTP, or a folder where SMTP_URL is not set."""
    if settings.smtp_url is None:
        return FolderSender(settings.data_dir / FOLDER)
    return SmtpSender(SmtpServer.parse(settings.smtp_url))


def _repositories(
    settings: Settings,
    cache: CurrentUserCache,
    deleter: PictureDeleter,
    *,
    cache_is_elsewhere: bool,
) -> tuple[UserRepository, SessionRepository, AppPasswordRepository]:
    """Return repositories whose changes reach the cache, wherever it is."""
    ttl, max_age = settings.refresh_token_ttl, settings.session_max_age
    if cache_is_elsewhere:
        return (
            UserRepository(announcements.announce_user, address_books, deleter.add),
            SessionRepository(ttl, announcements.announce_sessions, max_age),
            AppPasswordRepository(announcements.announce_sessions),
        )
    invalidation = Invalidation(cache)
    return (
        UserRepository(invalidation.user_changed, address_books, deleter.add),
        SessionRepository(ttl, invalidation.sessions_ended, max_age),
        AppPasswordRepository(invalidation.sessions_ended),
    )


def _cloud(settings: Settings) -> CloudinaryStore | None:
    url = settings.cloudinary_url
    return CloudinaryStore(CloudinaryAccount.parse(url)) if url is not None else None


def _mail_composer(
    settings: Settings, users: UserRepository, unsubscribe_tokens: UnsubscribeTokens
) -> MailComposer:
    renderer = MailRenderer(settings.public_url, settings.mail_from)
    reminders = ReminderComposer(users, renderer, unsubscribe_tokens)
    return MailComposer(
        users,
        renderer,
        min(settings.confirmation_ttl, settings.unconfirmed_ttl),
        settings.reset_ttl,
        {MailKind.BIRTHDAY_REMINDER: reminders.compose},
    )


def _throttle(settings: Settings, redis: Client) -> Throttle:
    limits = {
        Policy.LOGIN_ADDRESS: settings.login_limit_per_address,
        Policy.LOGIN_ACCOUNT: settings.login_limit_per_account,
        Policy.MAIL_ADDRESS: settings.mail_limit_per_address,
        Policy.MAIL_ACCOUNT: settings.mail_limit_per_account,
        Policy.NEW_APP_PASSWORD: "20/hour",  # each of them is told by mail
        Policy.APP_PASSWORD_ADDRESS: settings.login_limit_per_address,
        Policy.APP_PASSWORD_ACCOUNT: settings.login_limit_per_account,
        # The mail provider of many people asks for all of them, from few addresses.
        Policy.UNSUBSCRIBE: "300/minute",
        Policy.DATA_EXPORT: "10/hour",
        Policy.BIRTHDAY_FEED_ADDRESS: settings.login_limit_per_address,
        **dict.fromkeys(
            (Policy.IMPORT, Policy.EXPORT, Policy.BIRTHDAY_FEED), settings.transfer_limit
        ),
        Policy.USER: settings.user_limit,
        Policy.SYNC: settings.sync_limit,
    }
    # The embedded Redis is in this process too, and counting is cheaper without it.
    return Throttle(limits, redis if settings.redis_url else None, settings.redis_timeout)
