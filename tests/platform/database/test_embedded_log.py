"""What the embedded PostgreSQL writes into its own log: nobody's data, and not for ever."""

import asyncio
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from contactsvc.platform.database import embedded_log
from contactsvc.platform.database.embedded import embedded_postgres
from tests.support.waiting import PATIENCE

pytestmark = pytest.mark.process


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own folder: PostgreSQL's system user must be able to get in.
    with tempfile.TemporaryDirectory(prefix="contactsvc-test-", ignore_cleanup_errors=True) as name:
        yield Path(name) / "postgres"


SETTING = "SHOW log_min_messages"


async def offend(url: str) -> None:
    """Make PostgreSQL complain about values, in every way in which it shows them."""
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(PATIENCE):
            while await connection.fetchval(SETTING) != "log":
                await asyncio.sleep(0.01)  # nobody tells when the settings have been read anew
        await connection.execute("CREATE TABLE t (e text UNIQUE, n int NOT NULL CHECK (n > 0))")
        await connection.execute("INSERT INTO t VALUES ('canary@example.com', 1)")
        for statement in (
            "INSERT INTO t VALUES ('canary@example.com', 1)",
            "INSERT INTO t VALUES ('canary', 0)",
            "INSERT INTO t VALUES ('canary')",
            "SELECT 'canary'::int",
            "SELECT '{\"canary'::jsonb",
            "DO $$ BEGIN RAISE WARNING 'canary'; END $$",
            "canary",
        ):
            try:
                await connection.execute(statement)
            except asyncpg.PostgresError:
                continue
    finally:
        await connection.close()


def test_it_names_nobody_and_ends(folder: Path) -> None:
    log = folder / "log"
    with embedded_postgres(folder) as url:
        asyncio.run(offend(url))
        assert "canary" not in log.read_text()
        with log.open("a") as file:
            file.write("x" * (embedded_log.MAX_BYTES + 1))
        assert embedded_log.shorten(folder)
        assert log.stat().st_size == 0
        assert not embedded_log.shorten(folder)

    assert 0 < log.stat().st_size < 10_000, "the server went on at the beginning"
    with embedded_postgres(folder) as url:  # whose settings are there from the first
        asyncio.run(offend_again(url))
    assert "canary" not in log.read_text()
    conf = (folder / "postgresql.conf").read_text()
    assert conf.count("contactsvc.conf") == 1


async def offend_again(url: str) -> None:
    connection = await asyncpg.connect(url)
    with pytest.raises(asyncpg.UniqueViolationError):
        await connection.execute("INSERT INTO t VALUES ('canary@example.com', 1)")
    await connection.close()


def test_a_mebibyte_is_kept(folder: Path) -> None:
    folder.mkdir()
    (folder / "log").write_text("x" * 1024 * 1024)

    assert not embedded_log.shorten(folder)


def test_a_log_that_was_long_is_emptied_at_the_next_start(folder: Path) -> None:
    folder.mkdir()
    (folder / "log").write_text("x" * (embedded_log.MAX_BYTES + 1))
    (folder / "postgresql.conf").write_text("port = 5432\n")

    embedded_log.configure(folder, None)

    assert (folder / "log").stat().st_size == 0
