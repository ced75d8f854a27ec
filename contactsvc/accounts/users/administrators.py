"""Who administers: changes of it take turns, so that there is always somebody left."""

from typing import Final

from tortoise.connection import get_connection

from contactsvc.accounts.users.model import CurrentUser, Role, User
from contactsvc.platform.errors import LastAdmin

LOCK: Final = 0x61646D696E73  # "admins"
"""The key under which PostgreSQL lets one change of the administrators happen at a time."""


async def take_turn() -> None:
    """Let no other change of who administers happen before the transaction ends.

    Take it before any lock of a row.
    """
    await get_connection("default").execute_query(f"SELECT pg_advisory_xact_lock({LOCK})")


def leaves(before: CurrentUser, after: User) -> bool:
    """Return whether somebody who may do it, or is given the role with it, may not any more."""
    could = before.is_active and Role.ADMIN in (before.role, after.role)
    return could and not (after.is_active and after.role is Role.ADMIN)


async def keep_another(user_id: int) -> None:
    """See that somebody else administers, too; take a turn before.

    Raises:
        LastAdmin: Nobody else does, or they are disabled.
    """
    if not await User.filter(role=Role.ADMIN, is_active=True).exclude(id=user_id).exists():
        raise LastAdmin
