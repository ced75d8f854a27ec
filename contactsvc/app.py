"""The web application: what a request passes through, and what lives as long as the process."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Final
from urllib.parse import urlsplit

from aiohttp import web

from contactsvc.accounts.authentication import authentication
from contactsvc.accounts.current_user.announcements import following
from contactsvc.accounts.current_user.cache_lease import CacheLease
from contactsvc.accounts.current_user.pending_invalidations import PendingInvalidations
from contactsvc.accounts.idempotency.middleware import idempotency
from contactsvc.accounts.invalidation_wait import invalidation_wait
from contactsvc.accounts.throttling import throttling
from contactsvc.assembly import Services, services_of
from contactsvc.housekeeping import renew_keys
from contactsvc.platform import memory
from contactsvc.platform.database import database, database_url, readiness
from contactsvc.platform.database.supervisor import supervised
from contactsvc.platform.errors import MigrationsDue, Misconfigured, Unavailable
from contactsvc.platform.open_files import allow_connections
from contactsvc.platform.settings import Settings
from contactsvc.platform.settings.data_dir import unwritable
from contactsvc.platform.text import sort_keys
from contactsvc.routes import ROUTES
from contactsvc.web.keys import SERVICES
from contactsvc.web.middleware import connection
from contactsvc.web.middleware.client_address import client_address
from contactsvc.web.middleware.cors import allow_origin, cors
from contactsvc.web.middleware.database_wait import database_wait
from contactsvc.web.middleware.draining import draining
from contactsvc.web.middleware.errors import errors
from contactsvc.web.middleware.expectation import expectation
from contactsvc.web.middleware.headers import add_headers
from contactsvc.web.middleware.limits import limits
from contactsvc.web.middleware.metrics import metrics
from contactsvc.web.middleware.negotiation import negotiation
from contactsvc.web.middleware.operation import operation, resolve_operations
from contactsvc.web.middleware.request_id import request_id
from contactsvc.web.middleware.validation import install_parser, validation
from contactsvc.web.routing import add_routes

logger = logging.getLogger(__name__)

MIDDLEWARES: Final = (
    metrics,
    draining,
    request_id,
    client_address,
    operation,
    errors,
    cors,
    limits,
    negotiation,
    database_wait,
    invalidation_wait,
    authentication,
    expectation,
    validation,
    throttling,
    idempotency,
)
"""What every request passes on its way in, from the outside to the inside."""

_THIS_MACHINE: Final = ("localhost", "127.0.0.1", "::1")


def create_app(services: Services) -> web.Application:
    """Return the whole service; nothing is opened before the application starts."""
    app = web.Application(
        middlewares=MIDDLEWARES,
        client_max_size=services.settings.max_body_size,
        handler_args=connection.HANDLER_ARGS,
    )
    app[SERVICES] = services
    connection.install()
    install_parser(app)
    add_routes(app, ROUTES)
    app.on_startup.insert(0, resolve_operations)
    app.on_response_prepare.append(_prepare)
    app.on_startup.extend([_warn_of_plain_http, _warn_of_data_dir, _allow_connections])
    app.cleanup_ctx.extend([_resources, _database, _background])
    return app


async def _prepare(request: web.Request, response: web.StreamResponse) -> None:
    """Complete the headers of an answer, also of one that an error has made."""
    settings = request.app[SERVICES].settings
    add_headers(request, response, settings.public_url)
    allow_origin(request, response, settings.cors_origins)
    connection.close_unread(request, response)


async def freeze_garbage(_: web.Application) -> None:
    """Exempt what lives as long as the process from garbage collection; for ``on_startup``.

    The collector would walk through all of it again and again, while requests wait. What requests
    make is looked through more seldom, too. A process that serves one application does this; tests,
    which make many, do not.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(memory.COLLECT_AFTER, *gc.get_threshold()[1:])


async def _warn_of_plain_http(app: web.Application) -> None:
    url = urlsplit(app[SERVICES].settings.public_url)
    if url.scheme == "http" and url.hostname not in _THIS_MACHINE:
        logger.warning(
            "PUBLIC_URL is http: passwords and tokens can be read on their way. "
            "Put a proxy that speaks TLS before the service, and set its https URL."
        )


async def _allow_connections(app: web.Application) -> None:
    allow_connections(app[SERVICES].settings.max_connections)


async def _warn_of_data_dir(app: web.Application) -> None:
    settings = app[SERVICES].settings
    if settings.smtp_url and settings.cloudinary_url:
        return
    if reason := await asyncio.to_thread(unwritable, settings.data_dir):
        logger.error("%s Mail and avatars are kept there.", reason)


async def _resources(app: web.Application) -> AsyncIterator[None]:
    """Close the services last: the other contexts use them, such as Redis, to their end."""
    async with services_of(app).closing():
        yield


async def _database(app: web.Application) -> AsyncIterator[None]:
    services, settings = services_of(app), app[SERVICES].settings
    async with AsyncExitStack() as opened:
        url = opened.enter_context(database_url(settings))
        if settings.embedded:
            # Not at the top: others run the migrations before, and Aerich is large.
            from contactsvc.platform.database.migrations import migrate

            await migrate(url)
            await opened.enter_async_context(supervised(settings.data_dir / "postgres"))
        pool = database(url, settings.database_pool_size, settings.database_timeout)
        await opened.enter_async_context(pool)
        sort_keys.collator()  # reads its table now, and not while a request waits
        await _examine_database(settings)
        cache, lease = services.cache, services.lease
        if lease is None:
            await opened.enter_async_context(following(url, cache))
        else:
            renewing = CacheLease(lease, cache, PendingInvalidations(url))
            await opened.enter_async_context(renewing.running())
        yield


async def _background(app: web.Application) -> AsyncIterator[None]:
    services = services_of(app)
    if services.settings.smtp_url is None:
        logger.info("SMTP_URL is not set: mail is written into %s.", services.sender.place)
    async with services.worker.running(), services.housekeeping.running():
        yield


async def _examine_database(settings: Settings) -> None:
    """Log why the database cannot be used; requests are answered with 503 until it can be."""
    try:
        await readiness.examine()
        if settings.embedded:
            await renew_keys(settings.default_region)
    except (Misconfigured, MigrationsDue) as error:
        logger.error("%s", error)  # noqa: TRY400 - one line for whoever sets the service up
    except Unavailable as error:
        # It may come up later than the service.
        logger.warning("%s (%s)", error, repr(error.__cause__).splitlines()[0])
