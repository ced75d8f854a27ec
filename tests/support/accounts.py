"""Accounts put into the table, for tests that begin where somebody has one."""

from functools import cache
from typing import Any

import asyncpg
from argon2 import PasswordHasher

from contactsvc.accounts.security import passwords
from contactsvc.accounts.security.passwords import Cost
from contactsvc.platform.text.search_keys import email_key, search_key


async def add_account(pg: asyncpg.Connection, email: str, **columns: Any) -> int:
    """Insert a confirmed, active account, unless ``columns`` say otherwise, and return its id."""
    row: dict[str, Any] = {
        "email": email,
        "email_key": email_key(email),
        "name": "Grace Hopper",
        "password_hash": "hash",
        "role": "user",
        "confirmed": True,
        "is_active": True,
        "auth_version": 1,
        "version": 1,
    } | columns
    row = {"name_key": search_key(row["name"])} | row
    values = ", ".join(f"${number}" for number in range(1, len(row) + 1))
    statement = f"INSERT INTO users ({', '.join(row)}, created_at) VALUES ({values}, now())"
    user_id: int = await pg.fetchval(f"{statement} RETURNING id", *row.values())
    return user_id


def password_hash(password: str) -> str:
    """Hash a password as the service does at present, once for all tests."""
    return _hash(password, passwords.OWASP)


@cache
def _hash(password: str, cost: Cost) -> str:
    hasher = PasswordHasher(
        memory_cost=cost.memory_kib, time_cost=cost.passes, parallelism=cost.lanes
    )
    return hasher.hash(password)
