"""Keeps at least one active administrator: changes of who is one are made one at a time."""

from typing import Final

from tortoise.connection import get_connection

from contactsvc.accounts.users.model import CurrentUser, Role, User
from contactsvc.platform.errors import LastAdmin

LOCK: Final = 0x61646D696E73  # "admins"
"""Key of the advisory lock in PostgreSQL that changes of the administrators take."""


async def lock() -> None:
    """Lock who is an administrator until the transaction around this ends.

    Call it before any row is locked, or two transactions could wait for each other.
    """
    await get_connection("default").execute_query(f"SELECT pg_advisory_xact_lock({LOCK})")


def removes_administrator(before: CurrentUser, after: User) -> bool:
    """Return whether a change leaves somebody without the rights of an administrator.

    It also does where one change gives the role and disables the account.
    """
    could = before.is_active and Role.ADMIN in (before.role, after.role)
    return could and not (after.is_active and after.role is Role.ADMIN)


async def require_another(user_id: int) -> None:
    """Check that there is another active administrator; call :func:`lock` before.

    Args:
        user_id: The administrator who is about to lose the rights or to be deleted.

    Raises:
        LastAdmin: There is no other, or all others are disabled.
    """
    if not await User.filter(role=Role.ADMIN, is_active=True).exclude(id=user_id).exists():
        raise LastAdmin
