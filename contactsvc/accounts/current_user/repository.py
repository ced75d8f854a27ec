"""Stores pending invalidations, in the transaction of the change."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from tortoise.connection import get_connection

from contactsvc.accounts.current_user.model import PendingInvalidation
from contactsvc.platform.clock import now

RETENTION: Final = timedelta(seconds=3600 + 60)
"""Time until no old copy can exist: one is stored within a minute, and valid for up to an hour."""


async def put_user(user_id: int, version: int) -> None:
    """Store that copies of the user below ``version`` are invalid."""
    await PendingInvalidation.create(user_id=user_id, version=version, expires_at=now() + RETENTION)


async def put_sessions(user_id: int, session_ids: Iterable[int]) -> None:
    """Store that these sessions of the user have ended."""
    expires_at = now() + RETENTION
    await PendingInvalidation.bulk_create(
        PendingInvalidation(user_id=user_id, session_id=session_id, expires_at=expires_at)
        for session_id in session_ids
    )


async def purge() -> int:
    """Remove expired invalidations and return their number."""
    return await PendingInvalidation.filter(expires_at__lt=now()).delete()


async def reach_postgresql() -> None:
    """Return when PostgreSQL has answered.

    Raises:
        Unavailable: It does not.
    """
    await get_connection("default").execute_query("SELECT 1")
