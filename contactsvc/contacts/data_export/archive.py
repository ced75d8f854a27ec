"""Writes a ZIP archive (APPNOTE 6.3) bit by bit, as it is sent and never as a whole."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from typing import IO, Final, cast
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from contactsvc.platform.clock import now

PIECE: Final = 64 * 1024
"""Bytes that are compressed at a time, before the event loop may do other work."""


class _Sink:
    """What has been written and not taken yet. It has no ``tell``, so nothing is written twice."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._pieces.append(bytes(data))
        return len(data)

    def flush(self) -> None:
        pass

    def take(self) -> bytes:
        pieces, self._pieces = self._pieces, []
        return b"".join(pieces)


class Archive:
    """An archive under way; each method yields the bytes that it adds.

    The list of all files stands at its end, and is kept until then: some 600 bytes a file.
    """

    def __init__(self) -> None:
        self._sink = _Sink()
        self._zip = ZipFile(cast(IO[bytes], self._sink), "w")

    async def add(self, name: str, content: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
        """Add a file of any size, compressed."""
        with self._zip.open(_entry(name, level=1), "w", force_zip64=True) as file:
            async for part in content:
                for start in range(0, len(part), PIECE):
                    file.write(part[start : start + PIECE])
                    yield self._sink.take()
                    await asyncio.sleep(0)
        yield self._sink.take()

    def add_picture(self, name: str, content: bytes) -> bytes:
        """Add a small file that is compressed already, and return the bytes."""
        # By the method "stored", a file of which the size comes last cannot be read as a stream.
        self._zip.writestr(_entry(name, level=0), content)
        return self._sink.take()

    async def end(self) -> AsyncIterator[bytes]:
        """Add the list of all files; for 100,000 of them it takes some tenths of a second."""
        await asyncio.to_thread(self._zip.close)
        end = self._sink.take()
        for start in range(0, len(end), PIECE):
            yield end[start : start + PIECE]


def _entry(name: str, level: int) -> ZipInfo:
    entry = ZipInfo(name, now().timetuple()[:6])
    entry.compress_type = ZIP_DEFLATED
    # Python 3.13 has a public name, too; the level of the ZipFile is not for an entry of one's own.
    entry._compresslevel = level  # type: ignore[attr-defined]  # noqa: SLF001
    return entry


async def text(*parts: str) -> AsyncIterator[bytes]:
    """Yield texts as UTF-8."""
    for part in parts:
        yield part.encode()


async def json_array(pages: AsyncIterator[Iterable[bytes]]) -> AsyncIterator[bytes]:
    """Yield a JSON array, one element a line.

    Args:
        pages: The elements as JSON, so many at a time as fit into memory.
    """
    before = b"[\n"
    async for elements in pages:
        page = b",\n".join(elements)
        if page:
            yield before + page
            before = b",\n"
    yield b"[]\n" if before == b"[\n" else b"\n]\n"
