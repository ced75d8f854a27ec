"""Invalidates the in-process cache when a command in another process changes users."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.platform import background
from contactsvc.platform.database.announcements import Announcement, UserChanged, announcements
from contactsvc.platform.errors import Unavailable

logger = logging.getLogger(__name__)

RETRY: Final = 1.0
"""Seconds to wait before connecting again after the connection is lost."""


@asynccontextmanager
async def following(url: str, cache: CurrentUserCache) -> AsyncIterator[None]:
    """Listen while the context lasts; it begins after the first attempt, whatever becomes of that.

    Args:
        url: URL of the database.
        cache: The cache to invalidate.
    """
    tried = asyncio.Event()
    task = asyncio.create_task(_follow(url, cache, tried.set))
    try:
        await tried.wait()
        yield
    finally:
        await background.stop(task)


async def _follow(url: str, cache: CurrentUserCache, tried: Callable[[], None]) -> None:
    is_failing = False
    while True:
        try:
            async with announcements(url) as heard:
                # Announcements made while nobody listened are lost.
                await cache.drop_all()
                is_failing = False
                tried()
                async for announcement in heard:
                    await _apply(announcement, cache)
        except Unavailable as error:
            logger.debug("Not listening to PostgreSQL: %s", error)
        except Exception as error:  # noqa: BLE001 - it is tried again
            if not is_failing:
                # Without its message, which may have what was announced.
                logger.warning("Not listening to PostgreSQL: %s", type(error).__name__)
            is_failing = True
        tried()
        await asyncio.sleep(RETRY)


async def _apply(announcement: Announcement, cache: CurrentUserCache) -> None:
    if isinstance(announcement, UserChanged):
        await cache.invalidate(announcement.user_id, announcement.version)
    else:
        await cache.revoke(announcement.user_id, [announcement.session_id])
