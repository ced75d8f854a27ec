"""Administrators, who alone have pictures, and the folder that those are in."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from contactsvc.platform.settings import Settings
from tests.conftest import MakePerson, Person

MakeAdmin = Callable[..., Awaitable[Person]]


@pytest.fixture
def make_admin(make_person: MakePerson, pg: asyncpg.Connection) -> MakeAdmin:
    async def make(email: str = "ada@example.com", **options: Any) -> Person:
        person = await make_person(email, "Ada Lovelace", **options)
        await pg.execute("UPDATE users SET role = 'admin' WHERE email = $1", email)
        return person

    return make


@pytest.fixture
async def admin(make_admin: MakeAdmin) -> Person:
    return await make_admin()


@pytest.fixture
def folder(settings: Settings) -> Path:
    return settings.data_dir / "avatars"
