"""The version before works on the database of the version after it."""

import os
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from tests.conftest import Client
from tests.deploy.support import KEY

LATER = "9_20991231235959_of_the_next_version.py"


@pytest.fixture
async def a_later_migration(pg: asyncpg.Connection) -> AsyncIterator[None]:
    """The next version has run a migration that this one does not know."""
    await pg.execute(
        "INSERT INTO aerich (version, app, content)"
        " SELECT $1::varchar, app, content FROM aerich ORDER BY id DESC LIMIT 1",
        LATER,
    )
    yield
    await pg.execute("DELETE FROM aerich WHERE version = $1", LATER)


@pytest.mark.usefixtures("a_later_migration")
async def test_it_is_well_and_gets_requests(client: Client) -> None:
    assert (await client.get("/api/healthchecker")).status == 200


@pytest.mark.process
@pytest.mark.usefixtures("a_later_migration")
async def test_its_migrations_have_nothing_to_do(postgres_url: str, tmp_path: Path) -> None:
    process = await create_subprocess_exec(
        sys.executable,
        *("-m", "contactsvc", "migrate"),
        cwd=tmp_path,
        env={"PATH": os.environ["PATH"], "DATABASE_URL": postgres_url, "SECRET_KEY": KEY},
        stdout=PIPE,
    )
    printed, _ = await process.communicate()

    assert (process.returncode, printed) == (0, b"Nothing to do.\n")
