"""Where header blocks end in what has come in, so that their bytes can be counted.

This decides nothing about a request: what it says is read by aiohttp's parser alone.
"""

from typing import Final

END: Final = b"\r\n\r\n"
"""Ends a header block, and a chunked body with its trailers (RFC 9112, 2.1 and 7.1)."""

OVERLAP: Final = len(END) - 1
"""Bytes before a piece in which an end may have begun."""


def first_end(tail: bytes, data: bytes) -> int:
    """Return how many bytes of ``data`` there are up to the first end; all where there is none.

    Args:
        tail: The bytes before ``data``, OVERLAP of them at the most.
        data: What has come in.
    """
    found = (tail + data[:OVERLAP]).find(END)  # across the cut
    if found >= 0:
        return found + len(END) - len(tail)
    found = data.find(END)
    return len(data) if found < 0 else found + len(END)


def last_end(tail: bytes, data: bytes) -> int:
    """Return how many bytes of ``data`` there are up to the last end; all where there is none.

    Args:
        tail: The bytes before ``data``, OVERLAP of them at the most.
        data: What has come in.
    """
    found = data.rfind(END)
    if found >= 0:
        return found + len(END)
    found = (tail + data[:OVERLAP]).rfind(END)  # across the cut
    return len(data) if found < 0 else found + len(END) - len(tail)
