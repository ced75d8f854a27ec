"""A disk that can be full, for the folders that the service writes into."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Protocol

import pytest


class Disk(Protocol):
    """A disk.

    Attributes:
        folder: A folder on it.
    """

    folder: Path

    def fill(self) -> None:
        """Leave no room."""

    def make_room(self) -> None:
        """Leave some again."""


class SmallDisk:
    """A file system of its own, which really has no space left: ENOSPC."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._filler = folder / "filler"

    def fill(self) -> None:
        with self._filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(bytes(4096))
            except OSError:
                return

    def make_room(self) -> None:
        self._filler.unlink()


class SmallFiles:
    """Anybody's folder, in which the kernel lets this process write 100 bytes a file: EFBIG."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, most))

    def make_room(self) -> None:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))


@contextmanager
def small_disk(folder: Path) -> Iterator[SmallDisk]:
    """Mount a megabyte on a folder, which only root may do."""
    if sys.platform != "linux" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "contactsvc-test", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        pytest.skip("this machine does not let a small disk be mounted")
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@contextmanager
def small_files(folder: Path) -> Iterator[SmallFiles]:
    """Limit the size of files while the disk is to be full."""
    disk = SmallFiles(folder)
    try:
        yield disk
    finally:
        disk.make_room()


DISKS: dict[str, Callable[[Path], AbstractContextManager[Disk]]] = {
    "no space left": small_disk,
    "file too large": small_files,
}
