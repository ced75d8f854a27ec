"""E-mails are told apart without a violation: PostgreSQL writes each, with its value, into its log.

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
    await take_turn(user.email_key)
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
    """Keep an e-mail for a user until the transaction around this ends.

    Raises:
        EmailTaken: Another account has it.
    """
    await take_turn(email_key)
    if await User.filter(email_key=email_key).exclude(id=user_id).exists():
        raise EmailTaken


async def take_turn(email_key: str) -> None:
    """Let those who want one e-mail take turns, so that each sees what the one before has done.

    The turn lasts as long as the transaction. Take it before any lock of a row.
    """
    await get_connection("default").execute_query(_LOCK, [email_key])
