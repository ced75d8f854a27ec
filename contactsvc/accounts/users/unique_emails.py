"""Keeps e-mails unique without violating a constraint, which PostgreSQL would log with its value.

``DETAIL: Key (email_key)=(ada@example.com) already exists.`` would stand there for every doubled
registration, on a server whose log nobody may ever look at or remove.
"""

from typing import Final

from tortoise.connection import get_connection

from contactsvc.accounts.users.model import User
from contactsvc.platform.errors import EmailTaken

_LOCK: Final = "SELECT pg_advisory_xact_lock(hashtextextended($1, 0))"


async def insert(user: User) -> int:
    """Store a new account, in the transaction around this, and return its id.

    Raises:
        EmailTaken: Another account has its ``email_key``.
    """
    await lock_email(user.email_key)
    meta = User._meta  # noqa: SLF001 - that is where Tortoise's users find it
    columns = {
        column: meta.fields_map[name].to_db_value(getattr(user, name), user)
        for name, column in meta.fields_db_projection.items()
        if name != meta.pk_attr
    }
    names = ", ".join(f'"{column}"' for column in columns)
    values = ", ".join(f"${number}" for number in range(1, len(columns) + 1))
    rows = await get_connection("default").execute_query_dict(
        f'INSERT INTO "users" ({names}) VALUES ({values})'  # noqa: S608 - the model's own columns
        ' ON CONFLICT ("email_key") DO NOTHING RETURNING "id"',
        list(columns.values()),
    )
    if not rows:
        raise EmailTaken
    return int(rows[0]["id"])


async def claim(email_key: str, user_id: int) -> None:
    """Reserve an e-mail for a user until the transaction around this ends.

    Args:
        email_key: The normal form of the e-mail, as in ``users.email_key``.
        user_id: The account that is to get it, which may have it already.

    Raises:
        EmailTaken: Another account has it.
    """
    await lock_email(email_key)
    if await User.filter(email_key=email_key).exclude(id=user_id).exists():
        raise EmailTaken


async def lock_email(email_key: str) -> None:
    """Lock an e-mail until the transaction around this ends (an advisory lock in PostgreSQL).

    Whoever registers, confirms, changes to or deletes the same e-mail waits, and then sees what
    this transaction has done. Call it before any row is locked, or two transactions could wait for
    each other.

    Args:
        email_key: The normal form of the e-mail, as in ``users.email_key``.
    """
    await get_connection("default").execute_query(_LOCK, [email_key])
