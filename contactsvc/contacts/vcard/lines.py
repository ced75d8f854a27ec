"""The lines of a file, of any encoding and with any line ends, in memory that stays flat."""

import codecs
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Final

MAX_CARD: Final = 8 * 1024 * 1024
"""Bytes of a card, and so of a line: 8 MiB, with its photo."""

BOM: Final = codecs.BOM_UTF8

_PIECE: Final = 64 * 1024
_SAMPLE: Final = 2 * len("BEGIN:VCARD")
_MIN_SAMPLE: Final = 8


def lines(chunks: Iterable[bytes]) -> Iterator[bytes | None]:
    """Yield the lines of a file without their ends: CRLF, LF or CR.

    Args:
        chunks: The bytes of the file, cut anywhere.

    Yields:
        A line in UTF-8 or in an encoding that is not known yet; None for one of more than MAX_CARD
        bytes.
    """
    pending = bytearray()
    is_too_long = False
    for piece in _pieces(_without_utf_16(chunks)):
        # A CR at the end may be the first half of a CRLF.
        end = piece.rfind(b"\n") + 1 or piece.rfind(b"\r", 0, -1) + 1
        pending += piece[:end] if end else piece
        if end:
            found = bytes(pending).splitlines()
            yield from [None, *found[1:]] if is_too_long else found
            pending, is_too_long = bytearray(piece[end:]), False
        elif len(pending) > MAX_CARD:
            is_too_long = True
            pending.clear()
    yield from [None] if is_too_long else bytes(pending).splitlines()


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes in pieces of 64 KiB at most."""
    for chunk in chunks:
        if len(chunk) <= _PIECE:
            yield chunk
        else:
            yield from (chunk[start : start + _PIECE] for start in range(0, len(chunk), _PIECE))


def _without_utf_16(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the same bytes; those of a file in UTF-16 in UTF-8."""
    source = iter(chunks)
    start = b""
    for chunk in source:
        start += chunk
        if len(start) >= _SAMPLE:
            break
    encoding = _utf_16(start[:_SAMPLE])
    if encoding is None:
        yield start
        yield from source
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    for piece in _pieces(chain([start], source)):
        yield decoder.decode(piece).encode()
    yield decoder.decode(b"", final=True).encode()


def _utf_16(sample: bytes) -> str | None:
    """Return the codec of a file in UTF-16, told by its mark or by the NULs of ASCII letters."""
    if sample.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if sample.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    even, odd = sample[::2], sample[1::2]
    if len(sample) < _MIN_SAMPLE:
        return None
    if not any(odd) and all(even):
        return "utf-16-le"
    return "utf-16-be" if not any(even) and all(odd) else None
