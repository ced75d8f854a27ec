"""Reads uploaded files, alone or in a form (RFC 7578), within limits of size, time and lines."""

import asyncio
from contextlib import ExitStack
from io import SEEK_END, BytesIO
from typing import IO, Final, cast

from aiohttp import BodyPartReader, MultipartReader, StreamReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from contactsvc.platform.errors import MalformedBody, ValidationFailed
from contactsvc.web.bodies import read_body, spool_body
from contactsvc.web.schemas import MULTIPART, FileBody

MULTIPART_OVERHEAD: Final = 16 * 1024
"""Bytes allowed for boundaries and part headers around the file."""

TIMEOUT: Final = 120.0
"""Seconds within which the whole body must arrive."""

MAX_LINES: Final = 64
"""Lines allowed for preamble, boundaries and part headers around the file."""

_IDENTITY_ENCODINGS: Final = ("binary", "8bit", "7bit")
_CHUNK: Final = 64 * 1024


async def read_body_file(request: web.Request, file: FileBody, max_size: int) -> bytes:
    """Return the file that is the body.

    Args:
        request: A request whose body has not been read.
        file: What the body may be.
        max_size: The most bytes of the file.

    Raises:
        HTTPUnsupportedMediaType: The body is announced as something else.
        HTTPRequestEntityTooLarge: The file is too large.
        MalformedBody: The body breaks off, or is late.
        ValidationFailed: The file is empty.
    """
    if not file.admits(request.content_type):
        raise web.HTTPUnsupportedMediaType
    content = await read_body(request, max_size, TIMEOUT)
    if not content:
        raise ValidationFailed.of("", "The file is empty.")
    return content


async def read_file(request: web.Request, field: str, max_size: int) -> bytes:
    """Return the file of a form that has one file and no other field.

    Args:
        request: A request whose body has not been read.
        field: The name of the form's field.
        max_size: The most bytes of the file; aiohttp itself has no limit for one.

    Raises:
        HTTPUnsupportedMediaType: The body is no multipart form.
        HTTPRequestEntityTooLarge: The file, or the form around it, is too large.
        MalformedBody: The body is no form with the boundary it announces, breaks off, or is late.
        ValidationFailed: The file is missing or empty, or there is another field.
    """
    if request.content_type != MULTIPART:
        raise web.HTTPUnsupportedMediaType
    body = await read_body(request, max_size + MULTIPART_OVERHEAD, TIMEOUT)
    content = BytesIO(body)
    await _unpack(request, content, field, max_size)
    return content.getvalue()


async def spool_file(
    request: web.Request, file: FileBody, max_size: int, seconds: float
) -> IO[bytes]:
    """Return a file that is the body, or that a form has as its only field.

    It is in a file that nobody else can open, which the caller closes.

    Args:
        request: A request whose body has not been read.
        file: What the body may be.
        max_size: The most bytes of the file.
        seconds: The time within which the whole body must arrive.

    Raises:
        HTTPUnsupportedMediaType: The body is announced as something else.
        HTTPRequestEntityTooLarge: The file, or the form around it, is too large.
        MalformedBody: It is no form with the boundary it announces, breaks off, or is late.
        ValidationFailed: The file is missing or empty, or there is another field.
    """
    is_form = bool(file.field) and request.content_type == MULTIPART
    if not is_form and not file.admits(request.content_type):
        raise web.HTTPUnsupportedMediaType
    body = await spool_body(request, max_size + MULTIPART_OVERHEAD * is_form, seconds)
    with ExitStack() as opened:
        opened.push(body)
        if not is_form:
            _check_not_empty(body, "")
        else:
            await _unpack(request, body, file.field, max_size)
        opened.pop_all()  # the caller closes it
    return body


async def _unpack(request: web.Request, body: IO[bytes], field: str, max_size: int) -> None:
    """Let the only file of a form take the place of the form, so that no room for both is needed.

    Its first byte comes behind the part's headers, so what is written never reaches what is read.
    """
    try:
        form = MultipartReader(request.headers, cast(StreamReader, _BoundedLines(body)))
        size = await _move_part(await _first_part(form, field), max_size, body)
        more = await form.next()
    except (ValueError, RuntimeError, HttpProcessingError) as error:
        raise MalformedBody("The body is not a form with the boundary it announces.") from error
    if more is not None:
        raise ValidationFailed.of(f"/{field}", "Send one file and nothing else.")
    body.truncate(size)
    _check_not_empty(body, f"/{field}")


def _check_not_empty(file: IO[bytes], pointer: str) -> None:
    if not file.seek(0, SEEK_END):
        raise ValidationFailed.of(pointer, "The file is empty.")
    file.seek(0)


async def _first_part(form: MultipartReader, field: str) -> BodyPartReader:
    part = await form.next()
    if not isinstance(part, BodyPartReader) or part.name != field:
        raise ValidationFailed.of(f"/{field}", f"Send one file, as the form's field {field!r}.")
    encoding = part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "binary")
    if encoding.lower() not in _IDENTITY_ENCODINGS:
        # Nobody sends it (RFC 7578, 4.7), and aiohttp looks for quartets of base64 byte by byte.
        raise ValidationFailed.of(f"/{field}", "Send the file without Content-Transfer-Encoding.")
    return part


async def _move_part(part: BodyPartReader, max_size: int, body: IO[bytes]) -> int:
    """Move a part to the beginning of the body, and return how many bytes it has."""
    size = 0
    while not part.at_eof():
        chunk = await part.read_chunk(_CHUNK)
        body.seek(size)
        size += len(chunk)
        if size > max_size:
            raise web.HTTPRequestEntityTooLarge(max_size, size)
        body.write(chunk)
        await asyncio.sleep(0)  # it is all here, so nothing else would let others in
    return size


class _BoundedLines:
    """The stream that MultipartReader reads from, all of it here, with a limit on lines.

    MultipartReader reads a preamble line by line, and 5 MiB of preamble can have millions of lines.
    """

    def __init__(self, body: IO[bytes]) -> None:
        self._body = body
        self._size = body.seek(0, SEEK_END)
        self._place = self._lines = 0

    async def readline(self, *, max_line_length: int = MULTIPART_OVERHEAD) -> bytes:
        self._lines += 1
        if self._lines > MAX_LINES:
            raise ValueError("too many lines")
        self._body.seek(self._place)
        line = self._body.readline(max_line_length + 1)
        self._place += len(line)
        if len(line) > max_line_length:
            raise ValueError("a line is too long")
        return line

    async def read(self, size: int) -> bytes:
        self._body.seek(self._place)
        data = self._body.read(size)
        self._place += len(data)
        return data

    def at_eof(self) -> bool:
        return self._place == self._size

    def unread_data(self, data: bytes) -> None:
        self._place -= len(data)
