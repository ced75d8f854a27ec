"""App passwords that are there already, and the header that a program sends."""

import base64
from datetime import UTC, datetime
from typing import Any

import asyncpg

from contactsvc.accounts.app_passwords.secret import new_password, read_password


async def add_app_password(pg: asyncpg.Connection, user_id: int = 1, **columns: Any) -> str:
    """Give a user an app password, and return it."""
    password = new_password(user_id)
    secret = read_password(password)
    assert secret is not None
    row = {
        "user_id": user_id,
        "id": await pg.fetchval("SELECT 1 + count(*) FROM app_passwords"),
        "name": "My phone",
        "scope": "write",
        "digest": secret.digest,
        "created_at": datetime.now(UTC),
    } | columns
    names = ", ".join(row)
    places = ", ".join(f"${number}" for number in range(1, 1 + len(row)))
    await pg.execute(f"INSERT INTO app_passwords ({names}) VALUES ({places})", *row.values())
    return password


def basic(user_name: str, password: str) -> dict[str, str]:
    """Return the headers of HTTP Basic."""
    return {"Authorization": basic_header(f"{user_name}:{password}".encode())}


def basic_header(credentials: bytes) -> str:
    return f"Basic {base64.b64encode(credentials).decode()}"


def bearer(password: str) -> dict[str, str]:
    """Return the headers of a bearer token."""
    return {"Authorization": f"Bearer {password}"}
