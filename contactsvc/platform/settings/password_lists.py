"""What a file of refused passwords may be (PASSWORD_BLOCKLIST), and how its lines are found."""

import os
import re
from enum import Enum, auto
from pathlib import Path
from typing import IO, Final

HASH_DIGITS: Final = 40
"""Hexadecimal digits of a SHA-1."""

LINE_MAX_LENGTH: Final = 128
"""Bytes of a line with a SHA-1; the public downloads have a colon and a count behind it."""

PLAIN_MAX_SIZE: Final = 64 * 1024 * 1024
"""Bytes of a plain list, which is read from its beginning each time."""

_SAMPLES: Final = 64
_SHA1: Final = re.compile(rb"[0-9A-Fa-f]{40}(:\d*)?")
_NTLM: Final = re.compile(rb"[0-9A-Fa-f]{32}(:\d*)?")


class Kind(Enum):
    """What each line of a list is."""

    PLAIN = auto()
    SHA1 = auto()


def kind_of(file: IO[bytes]) -> Kind:
    """Return what a list is, by its first line.

    Raises:
        ValueError: It has hashes of another kind.
    """
    first = os.pread(file.fileno(), LINE_MAX_LENGTH, 0).partition(b"\n")[0].rstrip(b"\r")
    if _NTLM.fullmatch(first):
        raise ValueError("it has NTLM hashes; take the list of SHA-1.")
    return Kind.SHA1 if _SHA1.fullmatch(first) else Kind.PLAIN


def line_after(file: IO[bytes], offset: int) -> tuple[int, bytes]:
    """Return where the first line that begins after ``offset`` is, and the line.

    Raises:
        ValueError: There is none that has a SHA-1.
    """
    found = os.pread(file.fileno(), 2 * LINE_MAX_LENGTH, offset)
    before, end, rest = found.partition(b"\n")
    line = rest.partition(b"\n")[0].rstrip(b"\r")
    if not end or not _SHA1.fullmatch(line):
        raise ValueError(f"there is no SHA-1 in the line after byte {offset}.")
    return offset + len(before) + 1, line


def unusable(path: Path) -> str | None:
    """Return why a file cannot be the list; None where it can."""
    try:
        with path.open("rb", buffering=0) as file:
            size = os.fstat(file.fileno()).st_size
            if kind_of(file) is Kind.SHA1:
                return _out_of_order(file, size)
    except OSError as error:
        return f"{path} cannot be read: {error.strerror or error}."
    except ValueError as error:
        return f"{path}: {error}"
    if size > PLAIN_MAX_SIZE:
        return f"{path} is larger than 64 MiB; make it a sorted list of SHA-1."
    return None


def _out_of_order(file: IO[bytes], size: int) -> str | None:
    """Look at some lines all over the file: the public downloads come in another order, too."""
    step = max(size // _SAMPLES, 1)
    offsets = range(0, size - 2 * LINE_MAX_LENGTH, step)
    found = [line_after(file, offset)[1][:HASH_DIGITS].upper() for offset in offsets]
    return None if found == sorted(found) else "its lines must be in the order of their hashes."
