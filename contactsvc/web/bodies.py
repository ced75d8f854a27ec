"""Reads bodies: as much as is allowed, in the time that is allowed, and unpacked on demand.

aiohttp would unpack every body as it comes in, whether or not anybody reads it; the application
turns that off (``auto_decompress``), so that what is packed stays so until a handler asks for it.
"""

import asyncio
import zlib
from typing import Final

from aiohttp import hdrs, web

from contactsvc.platform.errors import MalformedBody

CODINGS: Final = frozenset({"identity", "gzip", "deflate"})
"""Content codings (RFC 9110, 8.4.1) in which a body may come; the standard library unpacks them."""

MAX_MEMBERS: Final = 16
"""Members of one gzip body (RFC 1952, 2.2). Each costs a decompressor, be it empty."""

_CHUNK: Final = 16 * 1024
"""Packed bytes that are unpacked before others have their turn on the loop."""

_GZIP: Final = 16 + zlib.MAX_WBITS
_WRONG_CODING: Final = "The body is not packed as Content-Encoding says."


async def read_body(request: web.Request, max_size: int, seconds: float) -> bytes:
    """Return the body, unpacked.

    Args:
        request: Whose body has not been read.
        max_size: Bytes that it may have, packed and unpacked.
        seconds: In which it must have come, so that nobody keeps a connection for nothing.

    Raises:
        HTTPUnsupportedMediaType: Its content coding is not one of CODINGS.
        HTTPRequestEntityTooLarge: It has more bytes; it is then read no further.
        MalformedBody: It is not packed as announced, breaks off, or does not come in time.
    """
    coding = ",".join(request.headers.getall(hdrs.CONTENT_ENCODING, ())).strip().lower()
    if coding and coding not in CODINGS:
        raise web.HTTPUnsupportedMediaType
    try:
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
    """Return the bytes unpacked; the loop is given up after every slice."""
    wbits = _wbits(compressed, coding)
    unpacker, members = zlib.decompressobj(wbits), 1
    body = bytearray()
    for start in range(0, len(compressed), _CHUNK):
        rest = compressed[start : start + _CHUNK]
        while rest:
            if unpacker.eof:  # gzip alone may go on with another member
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
    """Return what zlib is to expect; some clients leave out the zlib header of ``deflate``."""
    if coding == "gzip":
        return _GZIP
    has_header = compressed[0] & 0xF == 8  # RFC 1950, 2.2: CM
    return zlib.MAX_WBITS if has_header else -zlib.MAX_WBITS
