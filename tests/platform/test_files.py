"""Half a file is never seen, and nothing is left of one that could not be finished."""

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from contactsvc.platform import files
from contactsvc.platform.errors import Unavailable

Write = Callable[[Path, bytes], object]

both = pytest.mark.parametrize("write", [files.write, files.write_once])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "new" / "folder" / "file"


@both
def test_file_and_folder_are_their_owners_alone(path: Path, write: Write) -> None:
    write(path, b"content")

    assert path.read_bytes() == b"content"
    assert [stat.S_IMODE(each.stat().st_mode) for each in (path, path.parent)] == [0o600, 0o700]
    assert list(path.parent.iterdir()) == [path]


@both
def test_it_has_its_name_only_when_all_is_on_the_disk(
    path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_disk: list[tuple[bool, bytes | list[str]]] = []

    def fsync(descriptor: int) -> None:
        synced = Path(f"/proc/self/fd/{descriptor}")
        content = [f.name for f in synced.iterdir()] if synced.is_dir() else synced.read_bytes()
        on_disk.append((path.exists(), content))

    monkeypatch.setattr(os, "fsync", fsync)
    write(path, b"content")

    assert on_disk == [(False, b"content"), (True, ["file"])], "the file, then its name"


@both
def test_a_folder_that_cannot_be_synced_keeps_the_file(
    path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fsync(descriptor: int) -> None:
        if Path(f"/proc/self/fd/{descriptor}").is_dir():
            raise OSError(22, "Invalid argument")

    monkeypatch.setattr(os, "fsync", fsync)
    write(path, b"content")

    assert path.read_bytes() == b"content"


@both
def test_a_full_disk_leaves_nothing(
    path: Path, write: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)

    with pytest.raises(OSError, match="No space left"):
        write(path, b"content")
    assert list(path.parent.iterdir()) == []


def test_a_file_is_replaced(path: Path) -> None:
    files.write(path, b"old")
    files.write(path, b"new")

    assert path.read_bytes() == b"new"
    assert list(path.parent.iterdir()) == [path]


def test_what_is_written_once_is_not_replaced(path: Path) -> None:
    assert files.write_once(path, b"old")
    assert not files.write_once(path, b"new")

    assert path.read_bytes() == b"old"
    assert list(path.parent.iterdir()) == [path]


def test_a_full_disk_is_told_and_nothing_else() -> None:
    with pytest.raises(Unavailable), files.room(), Path("/dev/full").open("wb") as full:
        full.write(b"x")
    with pytest.raises(IsADirectoryError), files.room():
        Path("/").write_bytes(b"x")
