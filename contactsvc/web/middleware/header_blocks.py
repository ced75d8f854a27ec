"""Finds the ends of header blocks in input, so that their bytes can be counted.

Only the counting depends on this: requests are parsed by aiohttp alone.
"""

from typing import Final

END: Final = b"\r\n\r\n"
"""The end of a header block, and of a chunked body with trailers (RFC 9112, 2.1 and 7.1)."""

OVERLAP: Final = len(END) - 1
"""The most bytes of an end that may lie in the piece of input before."""


def first_end(tail: bytes, data: bytes) -> int:
    """Return the length of ``data`` up to and with the first end; the whole length without one.

    Args:
        tail: The last bytes before ``data``, at most OVERLAP.
        data: A piece of input.
    """
    found = (tail + data[:OVERLAP]).find(END)  # across the cut
    if found >= 0:
        return found + len(END) - len(tail)
    found = data.find(END)
    return len(data) if found < 0 else found + len(END)


def last_end(tail: bytes, data: bytes) -> int:
    """Return the length of ``data`` up to and with the last end; the whole length without one.

    Args:
        tail: The last bytes before ``data``, at most OVERLAP.
        data: A piece of input.
    """
    found = data.rfind(END)
    if found >= 0:
        return found + len(END)
    found = (tail + data[:OVERLAP]).rfind(END)  # across the cut
    return len(data) if found < 0 else found + len(END) - len(tail)
