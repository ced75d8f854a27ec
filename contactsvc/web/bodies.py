"""Reads request bodies within limits of size and time, and decompresses them on demand.

aiohttp would decompress every body as it comes in, whether or not anybody reads it. The application
turns that off (``auto_decompress``), so a body stays compressed until a handler asks for it.
"""

import asyncio
import zlib
from collections.abc import Iterator
from tempfile import SpooledTemporaryFile
from typing import IO, Final, cast

from aiohttp import hdrs, web

from contactsvc.platform.errors import MalformedBody

CODINGS: Final = frozenset({"identity", "gzip", "deflate"})
"""Content codings (RFC 9110, 8.4.1) that a body may have; the standard library decodes them."""

MAX_MEMBERS: Final = 16
"""The most members of one gzip body (RFC 1952, 2.2): even an empty one costs a decompressor."""

IN_MEMORY: Final = 1024 * 1024
"""Bytes of a spooled body that are kept in memory."""

_CHUNK: Final = 16 * 1024
"""Compressed bytes that are decompressed at a time, before the event loop may do other work."""

_PIECE: Final = 256 * 1024
"""Decompressed bytes after which the event loop may do other work: of a chunk it can be 16 MiB."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_LATE: Final = "The body did not come in time."
_BROKEN_OFF: Final = "The body broke off."
_WRONG_CODING: Final = "The body is not packed as Content-Encoding says."


async def read_body(request: web.Request, max_size: int, seconds: float) -> bytes:
    """Return the body, decompressed.

    Args:
        request: A request whose body has not been read.
        max_size: The most bytes of the body, both as it is sent and decompressed.
        seconds: The time within which the whole body must arrive, so that a slow client cannot keep
            a connection for ever.

    Raises:
        HTTPUnsupportedMediaType: The content coding is not one of CODINGS.
        HTTPRequestEntityTooLarge: The body has more than ``max_size`` bytes; the rest is not read.
        MalformedBody: The body is not compressed as announced, breaks off, or is late.
    """
    coding = _coding(request)
    try:
        if request.content.is_eof():  # all of it is here, as it mostly is with a small body
            body = await _read(request, max_size)
        else:
            async with asyncio.timeout(seconds):
                body = await _read(request, max_size)
    except TimeoutError as error:
        raise MalformedBody(_LATE) from error
    except (ConnectionError, web.RequestPayloadError) as error:
        raise MalformedBody(_BROKEN_OFF) from error
    return await _decompress(body, coding, max_size) if coding and body else body


async def spool_body(request: web.Request, max_size: int, seconds: float) -> IO[bytes]:
    """Return the body, decompressed, in a file that nobody else can open: large ones are on disk.

    Args:
        request: A request whose body has not been read.
        max_size: As for :func:`read_body`.
        seconds: As for :func:`read_body`.

    Raises:
        HTTPException: As :func:`read_body`.
        MalformedBody: As :func:`read_body`.
    """
    coding = _coding(request)
    spool = cast(IO[bytes], SpooledTemporaryFile(IN_MEMORY))  # noqa: SIM115 - the caller's
    try:
        async with asyncio.timeout(seconds):
            unpacker = _Unpacker(coding, max_size) if coding else None
            await _spool(request, unpacker, max_size, spool)
    except TimeoutError as error:
        spool.close()
        raise MalformedBody(_LATE) from error
    except (ConnectionError, web.RequestPayloadError) as error:
        spool.close()
        raise MalformedBody(_BROKEN_OFF) from error
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return spool


async def _spool(
    request: web.Request, unpacker: "_Unpacker | None", max_size: int, spool: IO[bytes]
) -> None:
    received = 0
    while chunk := await request.content.readany():
        received += len(chunk)
        if received > max_size:
            raise web.HTTPRequestEntityTooLarge(max_size, received)
        if unpacker is None:
            spool.write(chunk)
            continue
        for piece in unpacker.feed(chunk):
            spool.write(piece)
            await asyncio.sleep(0)
    if received and unpacker is not None:
        unpacker.end()


def _coding(request: web.Request) -> str:
    """Return the content coding, empty if there is none.

    Raises:
        HTTPUnsupportedMediaType: It is not one of CODINGS.
    """
    coding = ",".join(request.headers.getall(hdrs.CONTENT_ENCODING, ())).strip().lower()
    if coding and coding not in CODINGS:
        raise web.HTTPUnsupportedMediaType
    return "" if coding == "identity" else coding


async def _read(request: web.Request, max_size: int) -> bytes:
    body = bytearray()
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > max_size:
            raise web.HTTPRequestEntityTooLarge(max_size, len(body))
    return bytes(body)


async def _decompress(compressed: bytes, coding: str, max_size: int) -> bytes:
    """Return the bytes decompressed; other tasks may run after every piece."""
    unpacker, body = _Unpacker(coding, max_size), bytearray()
    for piece in unpacker.feed(compressed):
        body += piece
        await asyncio.sleep(0)
    unpacker.end()
    return bytes(body)


class _Unpacker:
    """Decompresses a body piece by piece.

    Args:
        coding: Its content coding.
        max_size: The most bytes that it may become.
    """

    def __init__(self, coding: str, max_size: int) -> None:
        self._coding, self._max_size = coding, max_size
        self._stream: zlib._Decompress | None = None
        self._wbits = 0
        self._members, self._size = 1, 0

    def feed(self, compressed: bytes) -> Iterator[bytes]:
        """Yield what some more bytes are decompressed, up to _CHUNK of them or _PIECE at a time."""
        for start in range(0, len(compressed), _CHUNK):
            yield from self._pieces(compressed[start : start + _CHUNK])

    def _pieces(self, rest: bytes) -> Iterator[bytes]:
        if self._stream is None:
            self._wbits = _wbits(rest, self._coding)
            self._stream = zlib.decompressobj(self._wbits)
        is_full = False
        while rest or is_full:
            if self._stream.eof:  # only gzip may have another member
                self._members += 1
                if self._coding != "gzip" or self._members > MAX_MEMBERS:
                    raise MalformedBody(_WRONG_CODING)
                self._stream = zlib.decompressobj(self._wbits)
            most = min(_PIECE, self._max_size + 1 - self._size)
            try:
                piece = self._stream.decompress(rest, most)
            except zlib.error as error:
                raise MalformedBody(_WRONG_CODING) from error
            self._size += len(piece)
            if self._size > self._max_size:
                raise web.HTTPRequestEntityTooLarge(self._max_size, self._size)
            yield piece
            rest = self._stream.unused_data if self._stream.eof else self._stream.unconsumed_tail
            # There may be more to come of bytes that have all been taken.
            is_full = len(piece) == most and not self._stream.eof

    def end(self) -> None:
        """Raise MalformedBody if there should be more."""
        if self._stream is None or not self._stream.eof:
            raise MalformedBody(_WRONG_CODING)


def _wbits(compressed: bytes, coding: str) -> int:
    """Return zlib's ``wbits`` for the coding; some clients send ``deflate`` without its header."""
    if coding == "gzip":
        return _GZIP
    has_header = compressed[0] & 0xF == 8  # RFC 1950, 2.2: CM
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
