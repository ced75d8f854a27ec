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


def tortoise_config(url: str, pool_size: int = 1) -> dict[str, Any]:
    """Return Tortoise's configuration.

    Args:
        url: ``postgres://user:password@host:port/database``; asyncpg's own options may follow as
            a query, as in ``?host=/folder/of/the/socket`` or ``?sslmode=require``.
        pool_size: Connections at the most.
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
        "minsize": 1,
        "maxsize": pool_size,
        "timeout": 5,  # seconds to connect
        "command_timeout": 10,  # seconds for one statement
        "application_name": "contactsvc",
    }
    return {
        "connections": {"default": connection},
        "apps": {APP: {"models": ["contactsvc.models", "aerich.models"]}},
        "use_tz": True,
        "timezone": "UTC",
    }


@asynccontextmanager
async def database(url: str, pool_size: int = 1) -> AsyncIterator[TortoiseContext]:
    """Hold a connection pool open; models use it in the tasks that begin inside."""
    context = await Tortoise.init(config=tortoise_config(url, pool_size))
    try:
        yield context
    finally:
        await context.close_connections()
