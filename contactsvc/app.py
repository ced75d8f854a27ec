"""The composition root: the only place that picks implementations and ties them together."""

import logging
from collections.abc import AsyncIterator

from aiohttp import web

from contactsvc import keys
from contactsvc.cache.connection import connect
from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.database import database, database_url
from contactsvc.database.migrations import applied, migrate
from contactsvc.errors import Unavailable
from contactsvc.middleware import MIDDLEWARES, protocol
from contactsvc.middleware.cors import allow_origin
from contactsvc.middleware.request_id import add_headers
from contactsvc.middleware.validation import install_parser
from contactsvc.openapi import build_document
from contactsvc.repositories.sessions import SessionRepository
from contactsvc.repositories.users import UserRepository
from contactsvc.routes import add_routes
from contactsvc.security.cursors import Cursors
from contactsvc.security.keyring import Keyring
from contactsvc.security.password_policy import PasswordPolicy
from contactsvc.security.passwords import Passwords
from contactsvc.security.tokens import Tokens
from contactsvc.services.accounts import Accounts
from contactsvc.services.sessions import Sessions
from contactsvc.settings import Settings

logger = logging.getLogger(__name__)


def create_app(settings: Settings) -> web.Application:
    """Return the whole service; nothing is opened before the application starts."""
    app = web.Application(middlewares=MIDDLEWARES, client_max_size=settings.max_body_size)
    app[keys.SETTINGS] = settings
    app[keys.OPENAPI] = build_document()
    protocol.install()
    install_parser(app)
    add_routes(app)
    app.on_response_prepare.extend([add_headers, allow_origin])
    app.cleanup_ctx.append(_database)
    _assemble(app, settings)
    return app


def _assemble(app: web.Application, settings: Settings) -> None:
    redis = connect(settings.redis_url)
    cache = CurrentUserCache(redis, settings.user_cache_ttl, settings.access_token_ttl)
    users = UserRepository(cache.invalidate)
    sessions = SessionRepository(settings.refresh_token_ttl, cache.revoke)
    keyring = Keyring(settings.secret_key, settings.secret_key_fallbacks)
    tokens = Tokens(
        keyring, settings.public_url, settings.access_token_ttl, settings.refresh_token_ttl
    )
    passwords = Passwords()
    app[keys.CACHE] = cache
    app[keys.USERS] = users
    app[keys.TOKENS] = tokens
    app[keys.CURSORS] = Cursors(keyring)
    app[keys.ACCOUNTS] = Accounts(
        users,
        passwords,
        PasswordPolicy(settings.password_min_length),
        reveals_taken_email=settings.registration_reveals_taken_email,
    )
    app[keys.SESSIONS] = Sessions(
        users,
        sessions,
        passwords,
        tokens,
        require_confirmed_email=settings.require_confirmed_email,
    )

    async def _redis(_: web.Application) -> AsyncIterator[None]:
        yield
        await redis.aclose()

    async def _passwords(_: web.Application) -> AsyncIterator[None]:
        yield
        passwords.close()

    app.cleanup_ctx.extend([_redis, _passwords])


async def _database(app: web.Application) -> AsyncIterator[None]:
    settings = app[keys.SETTINGS]
    with database_url(settings) as url:
        if settings.embedded:
            await migrate(url)
        async with database(url, settings.database_pool_size):
            try:
                await applied()
            except Unavailable as error:
                # It may come up later than the service; requests are answered with 503 till then.
                logger.warning("%s", error)
            yield
