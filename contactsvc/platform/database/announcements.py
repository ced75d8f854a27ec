"""Cache invalidation through PostgreSQL, for a service whose cache is inside its process.

With Redis everybody who changes a user drops the copy from the one cache. Without REDIS_URL the
cache is in the service's own memory, where a command beside it cannot reach. So the command sends
a NOTIFY in the transaction of the change, which PostgreSQL delivers when that commits.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from typing import Final, NamedTuple

import asyncpg
import orjson
from tortoise.connection import get_connection

from contactsvc.platform.database.connection import connect_options
from contactsvc.platform.database.faults import away_is_unavailable, connecting

CHANNEL: Final = "contactsvc_changes"
"""The channel of LISTEN and NOTIFY."""

CONNECT_TIMEOUT: Final = 2.0
"""Seconds to connect. The start of the service waits for the first try."""


class UserChanged(NamedTuple):
    """Cached copies of the user that are older than ``version`` are invalid."""

    user_id: int
    version: int


class SessionEnded(NamedTuple):
    """The session's access tokens are invalid."""

    user_id: int
    session_id: int


Announcement = UserChanged | SessionEnded


async def announce_user(user_id: int, version: int) -> None:
    """Announce a changed user when the transaction around this commits."""
    await _notify(UserChanged(user_id, version))


async def announce_sessions(user_id: int, session_ids: Iterable[int]) -> None:
    """Announce ended sessions when the transaction around this commits."""
    for session_id in session_ids:  # one by one: a payload is limited to 8000 bytes
        await _notify(SessionEnded(user_id, session_id))


async def _notify(announcement: Announcement) -> None:
    payload = orjson.dumps({type(announcement).__name__: list(announcement)}).decode()
    await get_connection("default").execute_query("SELECT pg_notify($1, $2)", [CHANNEL, payload])


@asynccontextmanager
async def announcements(url: str) -> AsyncIterator[AsyncIterator[Announcement]]:
    """Listen on a connection of its own; the iterator ends when that is lost.

    Raises:
        Unavailable: The database is away.
    """
    with connecting():
        connection = await asyncpg.connect(**connect_options(url) | {"timeout": CONNECT_TIMEOUT})
    payloads: asyncio.Queue[str | None] = asyncio.Queue()
    connection.add_termination_listener(lambda _: payloads.put_nowait(None))
    try:
        with away_is_unavailable():
            await connection.add_listener(CHANNEL, lambda *args: payloads.put_nowait(args[-1]))
        yield _read(payloads)
    finally:
        # A server that is gone must not keep the service from ending.
        connection.terminate()


async def _read(payloads: asyncio.Queue[str | None]) -> AsyncIterator[Announcement]:
    kinds = {kind.__name__: kind for kind in (UserChanged, SessionEnded)}
    while (payload := await payloads.get()) is not None:
        for name, values in orjson.loads(payload).items():
            yield kinds[name](*values)
