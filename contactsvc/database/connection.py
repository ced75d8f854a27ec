"""How Tortoise is told where PostgreSQL is, and the life of its connection pool."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Final
from urllib.parse import parse_qsl, urlsplit

from tortoise import Tortoise
from tortoise.backends.base.config_generator import expand_db_url
from tortoise.context import TortoiseContext

APP: Final = "models"
"""The one Tortoise app, by whose name Aerich files its migrations."""

STATEMENT_TIMEOUT: Final = 10.0
"""Seconds that a statement may take, however well PostgreSQL works on it."""


def tortoise_config(
    url: str, pool_size: int = 1, request_timeout: float | None = None
) -> dict[str, Any]:
    """Return Tortoise's configuration.

    Args:
        url: ``postgres://user:password@host:port/database``; asyncpg's own options may follow as
            a query, as in ``?host=/folder/of/the/socket`` or ``?sslmode=require``.
        pool_size: Connections at the most.
        request_timeout: Seconds that a request waits, see :func:`database`.
    """
    scheme, _, rest = url.partition("://")
    if scheme == "postgresql":
        url = f"postgres://{rest}"
    connection = expand_db_url(url)
    options = dict(parse_qsl(urlsplit(url).query))
    # Tortoise takes any ssl for "on"; libpq, and so most hosts' URLs, call it sslmode.
    connection["credentials"].pop("sslmode", None)
    if mode := options.get("ssl") or options.get("sslmode"):
        connection["credentials"]["ssl"] = mode
    connection["engine"] = "contactsvc.database.client"
    connection["credentials"] |= {
        # None is kept for ever: what a firewall has long forgotten would be the first to be used.
        "minsize": 0,
        "maxsize": pool_size,
        "timeout": 5,  # seconds to connect
        "command_timeout": STATEMENT_TIMEOUT,
        "application_name": "contactsvc",
    }
    if request_timeout is not None:
        connection["credentials"]["request_timeout"] = request_timeout
    return {
        "connections": {"default": connection},
        "apps": {APP: {"models": ["contactsvc.models", "aerich.models"]}},
        "use_tz": True,
        "timezone": "UTC",
    }


def connect_options(url: str) -> dict[str, Any]:
    """Return the arguments of ``asyncpg.connect`` for a connection outside of the pool."""
    options = dict(tortoise_config(url)["connections"]["default"]["credentials"])
    for name in ("minsize", "maxsize"):
        options.pop(name)
    options["server_settings"] = {"application_name": options.pop("application_name")}
    return options


@asynccontextmanager
async def database(
    url: str, pool_size: int = 1, request_timeout: float | None = None
) -> AsyncIterator[TortoiseContext]:
    """Hold a connection pool open; models use it in the tasks that begin inside.

    Args:
        url: Of the database.
        pool_size: Connections at the most.
        request_timeout: Seconds that a request waits for a connection or for a PostgreSQL that is
            silent, see :mod:`contactsvc.database.watch`; None is a command, which waits as long as
            a connection or a statement may take.
    """
    context = await Tortoise.init(config=tortoise_config(url, pool_size, request_timeout))
    try:
        yield context
    finally:
        await context.close_connections()
