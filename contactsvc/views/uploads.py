"""Reads an uploaded file out of a form (RFC 7578), and never more than it may have."""

import asyncio
from typing import Final

from aiohttp import BodyPartReader, MultipartReader, web
from aiohttp.http_exceptions import HttpProcessingError

from contactsvc.errors import MalformedBody, ValidationFailed
from contactsvc.schemas.base import MULTIPART

FRAME: Final = 16 * 1024
"""Bytes of a form that has one file which are not the file's."""

TIMEOUT: Final = 120.0
"""Seconds in which a file must have come."""

_CHUNK: Final = 64 * 1024


async def read_file(request: web.Request, field: str, max_size: int) -> bytes:
    """Return the one file of a form that has nothing else.

    Args:
        request: Whose body has not been read.
        field: The name of the form's field.
        max_size: Bytes that the file may have. They are counted here, because aiohttp does not.

    Raises:
        MalformedBody: It is not the form that was announced.
        ValidationFailed: The file is missing or empty, or there is something else.
    """
    if request.content_type != MULTIPART:
        raise web.HTTPUnsupportedMediaType
    try:
        async with asyncio.timeout(TIMEOUT):
            form = await request.multipart()
            content = await _read_part(await _first_part(form, field), max_size)
            more = await form.next()
    except TimeoutError as error:
        raise MalformedBody("The file did not come in time.") from error
    except web.RequestPayloadError as error:
        request.content.feed_eof()  # so that aiohttp does not try to read the rest
        raise MalformedBody("The body is not packed as Content-Encoding says.") from error
    except (ValueError, RuntimeError, ConnectionError, HttpProcessingError) as error:
        raise MalformedBody("The body is not a form with the boundary it announces.") from error
    pointer = f"/{field}"
    if more is not None:
        raise ValidationFailed.of(pointer, "Send one file and nothing else.")
    if not content:
        raise ValidationFailed.of(pointer, "The file is empty.")
    return content


async def _first_part(form: MultipartReader, field: str) -> BodyPartReader:
    part = await form.next()
    if not isinstance(part, BodyPartReader) or part.name != field:
        raise ValidationFailed.of(f"/{field}", f"Send one file, as the form's field {field!r}.")
    return part


async def _read_part(part: BodyPartReader, max_size: int) -> bytes:
    content = bytearray()
    while not part.at_eof():
        content += await part.read_chunk(_CHUNK)
        if len(content) > max_size:
            raise web.HTTPRequestEntityTooLarge(max_size, len(content))
    return bytes(content)
