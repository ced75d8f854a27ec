"""Shared by tests of birthday reminders: settings, and when they are due."""

from collections.abc import Callable
from datetime import UTC
from typing import Any

import asyncpg

from tests.conftest import Person

PATH = "/api/users/me/birthday_reminder"
KYIV: dict[str, Any] = {"days_before": [0, 7], "hour": 8, "tz": "Europe/Kyiv", "enabled": True}

Freeze = Callable[[str], None]


async def put(person: Person, **body: Any) -> dict[str, Any]:
    """Keep a setting, and return the answer."""
    response = await person.put(PATH, json=body)
    assert response.status == 200, await response.text()
    assert response.headers["Cache-Control"] == "no-store"
    answer: dict[str, Any] = await response.json()
    return answer


async def due(pg: asyncpg.Connection) -> str | None:
    """Return when the only user is told next, in UTC."""
    moment = await pg.fetchval("SELECT next_due_at FROM birthday_reminders")
    return moment and f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}"
