"""Redis' protocol, RESP2 and RESP3, as far as commands and their answers need it here.

See https://redis.io/docs/latest/develop/reference/protocol-spec/.
"""

from collections.abc import Sequence
from typing import Any

Word = str | int | bytes


class Refusal(bytes):
    """An error that Redis answers, such as ``NOSCRIPT No matching script``."""


def packed(words: Sequence[Word]) -> bytes:
    """Return a command as it is sent; text is sent in UTF-8."""
    parts = [b"*%d\r\n" % len(words)]
    for word in words:
        value = word if isinstance(word, bytes) else str(word).encode()
        parts.append(b"$%d\r\n%b\r\n" % (len(value), value))
    return b"".join(parts)


def read(data: bytes, at: int) -> tuple[Any, int] | None:
    """Read an answer: bytes, an integer, None, a list of such, or a Refusal.

    Args:
        data: What was received.
        at: Where the answer begins.

    Returns:
        The answer, and where it ends; None where it is not complete.

    Raises:
        ValueError: It is of another kind, such as a message that nobody has asked for.
    """
    end = data.find(b"\r\n", at)
    if end < 0:
        return None
    kind, line, at = data[at : at + 1], data[at + 1 : end], end + 2
    if kind == b"$":
        return _read_bulk(data, at, int(line))
    if kind == b"*":
        return _read_list(data, at, int(line))
    if kind == b":":
        return int(line), at
    if kind == b"_" and not line:
        return None, at
    if kind == b"-":
        return Refusal(line), at
    raise ValueError("no answer to a command that is sent here")


def _read_bulk(data: bytes, at: int, size: int) -> tuple[bytes | None, int] | None:
    if size < 0:
        return None, at
    end = at + size
    return (data[at:end], end + 2) if end + 2 <= len(data) else None


def _read_list(data: bytes, at: int, size: int) -> tuple[list[Any], int] | None:
    values = []
    for _ in range(size):
        if (found := read(data, at)) is None:
            return None
        value, at = found
        values.append(value)
    return values, at
