"""How Tortoise is told where PostgreSQL is, and the life of its connection pool."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from tortoise.context import TortoiseContext

from contactsvc.platform.settings.database_server import DatabaseServer

APP: Final = "models"
"""The one Tortoise app, by whose name Aerich files its migrations."""

MODELS: Final = "contactsvc.models"
"""The module that has all models of the service."""

CONNECT_TIMEOUT: Final = 5
"""Seconds to connect, where the URL has no ``connect_timeout``."""

STATEMENT_TIMEOUT: Final = 10.0
"""Seconds that a statement may take, however well PostgreSQL works on it."""


def connect_options(url: str) -> dict[str, Any]:
    """Return the arguments of ``asyncpg.connect``.

    Args:
        url: URL of the database, as
            :class:`~contactsvc.platform.settings.database_server.DatabaseServer` reads it.

    Raises:
        ValueError: It is no such URL.
    """
    server = DatabaseServer.parse(url)
    hosts, ports = zip(*server.hosts, strict=True)
    several = len(hosts) > 1
    options: dict[str, Any] = {
        "host": list(hosts) if several else hosts[0],
        "port": list(ports) if several else ports[0],
        "timeout": CONNECT_TIMEOUT,
        "command_timeout": STATEMENT_TIMEOUT,
        "server_settings": server.server_settings,
        **server.options,
    }
    if (tls := server.tls_argument()) is not None:
        options["ssl"] = tls
    return options


def tortoise_config(
    url: str,
    pool_size: int = 1,
    request_timeout: float | None = None,
    models: Sequence[str] = (MODELS,),
    statement_timeout: float | None = None,
) -> dict[str, Any]:
    """Return Tortoise's configuration.

    Args:
        url: URL of the database, as for :func:`connect_options`.
        pool_size: The most connections that are open at once.
        request_timeout: Seconds that a request waits, see :func:`database`.
        models: Modules of models; the service has no need of Aerich's own.
        statement_timeout: Seconds that a statement may take; None is STATEMENT_TIMEOUT.
    """
    credentials = connect_options(url) | {
        # No connection is kept for ever: one that a firewall has dropped would be used first.
        "minsize": 0,
        "maxsize": pool_size,
        "request_timeout": request_timeout,
    }
    if statement_timeout is not None:
        credentials["command_timeout"] = statement_timeout
    connection = {"engine": "contactsvc.platform.database.client", "credentials": credentials}
    return {
        "connections": {"default": connection},
        "apps": {APP: {"models": list(models)}},
        "use_tz": True,
        "timezone": "UTC",
    }


@asynccontextmanager
async def database(
    url: str,
    pool_size: int = 1,
    request_timeout: float | None = None,
    models: Sequence[str] = (MODELS,),
    statement_timeout: float | None = None,
) -> AsyncIterator[TortoiseContext]:
    """Keep a connection pool open, which models use in the tasks that begin inside.

    Args:
        url: URL of the database, as for :func:`connect_options`.
        pool_size: The most connections that are open at once.
        request_timeout: Seconds that a request waits for a connection or for a PostgreSQL that is
            silent, see :mod:`contactsvc.platform.database.watch`; None is a command, which waits as
            long as a connection or a statement may take.
        models: Modules of models, as for :func:`tortoise_config`.
        statement_timeout: Seconds that a statement may take, as for :func:`tortoise_config`.
    """
    config = tortoise_config(url, pool_size, request_timeout, models, statement_timeout)
    # Not Tortoise.init: where the caller has a pool open already, it would close that one.
    context = TortoiseContext()
    context.__enter__()
    try:
        await context.init(config=config)
        yield context
    finally:
        await context.close_connections()
        with suppress(ValueError):  # the end is in another task, whose context is another one
            context.__exit__(None, None, None)
