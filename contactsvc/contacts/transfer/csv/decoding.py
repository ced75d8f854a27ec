"""Bytes of unknown encoding as text, piece by piece."""

import codecs
import io
import re
from collections.abc import Iterable, Iterator
from typing import Final

from contactsvc.platform.text.windows import codec_of

SAMPLE_BYTES: Final = 4096
"""Bytes at the beginning of a file by which UTF-16 is told."""

_BOMS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_UTF_16_SHARE: Final = 10
"""One in so many characters of UTF-16 is ASCII at least: the delimiters and spaces of a header."""
_BEYOND_ASCII: Final = re.compile(r"[^\x00-\x7f]")
_ESCAPED: Final = re.compile("[\udc80-\udcff]")
_UNKNOWN: Final = "backslashreplace"
"""Windows-1252 has no character for five bytes; ``\\x81`` says which one it was."""
_CP1252: Final = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", _UNKNOWN) for byte in range(0x80, 0x100)
}


def decoded(chunks: Iterable[bytes]) -> Iterator[str]:
    r"""Yield the text of a file, with ``\n`` for every line end and without NUL.

    The encoding is that of the byte order mark; else UTF-16 where every other byte of the beginning
    is NUL; else UTF-8. A file whose first character beyond ASCII is not UTF-8 is Windows-1251 if it
    is in Cyrillic there, else Windows-1252. In one that has begun as UTF-8, only what is not UTF-8
    is read as Windows-1252.

    Args:
        chunks: The file; no more than a chunk and ``SAMPLE_BYTES`` of it are held at once.
    """
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    for text in _decoded(_with_sample(iter(chunks))):
        yield newlines.decode(text.replace("\0", "") if "\0" in text else text)
    yield newlines.decode("", final=True)


def _with_sample(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield the chunks, the first of them with at least ``SAMPLE_BYTES`` if the file has them."""
    sample = b""
    for chunk in chunks:
        sample += chunk
        if len(sample) >= SAMPLE_BYTES:
            break
    yield sample
    yield from chunks


def _decoded(chunks: Iterator[bytes]) -> Iterator[str]:
    first = next(chunks)
    mark, encoding = next(
        ((mark, encoding) for mark, encoding in _BOMS if first.startswith(mark)),
        (b"", _without_mark(first[:SAMPLE_BYTES])),
    )
    first = first[len(mark) :]
    if encoding == "utf-8":
        yield from _utf_8_or_windows(first, chunks)
        return
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    yield decoder.decode(first)
    for chunk in chunks:
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _without_mark(sample: bytes) -> str:
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    enough = len(sample) // 2 // _UTF_16_SHARE
    if odd > enough and even < odd // _UTF_16_SHARE + 1:
        return "utf-16-le"
    return "utf-16-be" if even > enough and odd < even // _UTF_16_SHARE + 1 else "utf-8"


def _utf_8_or_windows(first: bytes, chunks: Iterator[bytes]) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder("utf-8")("surrogateescape")
    is_utf_8 = False
    chunk: bytes | None = first
    while chunk is not None:
        pending = decoder.getstate()[0]
        text = decoder.decode(chunk)
        if not is_utf_8 and (beyond := _BEYOND_ASCII.search(text)):
            is_utf_8 = not _ESCAPED.match(beyond[0])
            if not is_utf_8:
                codec = codec_of(pending + chunk)
                yield (pending + chunk).decode(codec, _UNKNOWN)
                yield from (rest.decode(codec, _UNKNOWN) for rest in chunks)
                return
        yield _repaired(text)
        chunk = next(chunks, None)
    yield _repaired(decoder.decode(b"", final=True))


def _repaired(text: str) -> str:
    """Return text with bytes that are not UTF-8 as the characters of Windows-1252."""
    if text.isascii() or not _ESCAPED.search(text):
        return text
    return text.translate(_CP1252)
