"""Reads request bodies within limits of size and time, and decompresses them on demand.

aiohttp would decompress every body as it comes in, whether or not anybody reads it. The application
turns that off (``auto_decompress``), so a body stays compressed until a handler asks for it.
"""

import asyncio
import zlib
from typing import Final

from aiohttp import hdrs, web

from contactsvc.platform.errors import MalformedBody

CODINGS: Final = frozenset({"identity", "gzip", "deflate"})
"""Content codings (RFC 9110, 8.4.1) that a body may have; the standard library decodes them."""

MAX_MEMBERS: Final = 16
"""The most members of one gzip body (RFC 1952, 2.2): even an empty one costs a decompressor."""

_CHUNK: Final = 16 * 1024
"""Compressed bytes that are decompressed at a time, before the event loop may do other work."""

_GZIP: Final = 16 + zlib.MAX_WBITS
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
    coding = ",".join(request.headers.getall(hdrs.CONTENT_ENCODING, ())).strip().lower()
    if coding and coding not in CODINGS:
        raise web.HTTPUnsupportedMediaType
    try:
        if request.content.is_eof():  # all of it is here, as it mostly is with a small body
            body = await _read(request, max_size)
        else:
            async with asyncio.timeout(seconds):
                body = await _read(request, max_size)
    except TimeoutError as error:
        raise MalformedBody("The body did not come in time.") from error
    except (ConnectionError, web.RequestPayloadError) as error:
        raise MalformedBody("The body broke off.") from error
    if coding in ("", "identity") or not body:
        return body
    return await _decompress(body, coding, max_size)


async def _read(request: web.Request, max_size: int) -> bytes:
    body = bytearray()
    while chunk := await request.content.readany():
        body += chunk
        if len(body) > max_size:
            raise web.HTTPRequestEntityTooLarge(max_size, len(body))
    return bytes(body)


async def _decompress(compressed: bytes, coding: str, max_size: int) -> bytes:
    """Return the bytes decompressed; other tasks may run after every chunk."""
    wbits = _wbits(compressed, coding)
    unpacker, members = zlib.decompressobj(wbits), 1
    body = bytearray()
    for start in range(0, len(compressed), _CHUNK):
        rest = compressed[start : start + _CHUNK]
        while rest:
            if unpacker.eof:  # only gzip may have another member
                members += 1
                if coding != "gzip" or members > MAX_MEMBERS:
                    raise MalformedBody(_WRONG_CODING)
                unpacker = zlib.decompressobj(wbits)
            try:
                body += unpacker.decompress(rest, max_size + 1 - len(body))
            except zlib.error as error:
                raise MalformedBody(_WRONG_CODING) from error
            if len(body) > max_size:
                raise web.HTTPRequestEntityTooLarge(max_size, len(body))
            rest = unpacker.unused_data if unpacker.eof else unpacker.unconsumed_tail
        await asyncio.sleep(0)
    if not unpacker.eof:
        raise MalformedBody(_WRONG_CODING)
    return bytes(body)


def _wbits(compressed: bytes, coding: str) -> int:
    """Return zlib's ``wbits`` for the coding; some clients send ``deflate`` without its header."""
    if coding == "gzip":
        return _GZIP
    has_header = compressed[0] & 0xF == 8  # RFC 1950, 2.2: CM
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
