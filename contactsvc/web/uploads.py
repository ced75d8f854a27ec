"""Reads an uploaded file out of a form (RFC 7578), and never more than it may have."""

from io import BytesIO
from typing import Final, cast

from aiohttp import BodyPartReader, MultipartReader, StreamReader, hdrs, web
from aiohttp.http_exceptions import HttpProcessingError

from contactsvc.platform.errors import MalformedBody, ValidationFailed
from contactsvc.web.bodies import read_body
from contactsvc.web.schemas import MULTIPART

MULTIPART_OVERHEAD: Final = 16 * 1024
"""Bytes of a form that has one file which are not the file's."""

TIMEOUT: Final = 120.0
"""Seconds in which a file must have come."""

MAX_LINES: Final = 64
"""Lines of a form that has one file which are not the file's: preamble, boundaries, headers."""

_IDENTITY_ENCODINGS: Final = ("binary", "8bit", "7bit")
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
    body = await read_body(request, max_size + MULTIPART_OVERHEAD, TIMEOUT)
    try:
        form = MultipartReader(request.headers, cast(StreamReader, _BoundedLines(body)))
        content = await _read_part(await _first_part(form, field), max_size)
        more = await form.next()
    except (ValueError, RuntimeError, HttpProcessingError) as error:
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
    encoding = part.headers.get(hdrs.CONTENT_TRANSFER_ENCODING, "binary")
    if encoding.lower() not in _IDENTITY_ENCODINGS:
        # Nobody sends it (RFC 7578, 4.7), and aiohttp looks for quartets of base64 byte by byte.
        raise ValidationFailed.of(f"/{field}", "Send the file without Content-Transfer-Encoding.")
    return part


async def _read_part(part: BodyPartReader, max_size: int) -> bytes:
    content = bytearray()
    while not part.at_eof():
        content += await part.read_chunk(_CHUNK)
        if len(content) > max_size:
            raise web.HTTPRequestEntityTooLarge(max_size, len(content))
    return bytes(content)


class _BoundedLines:
    """What MultipartReader reads of a stream, out of memory, and no more lines than a form needs.

    It goes through a preamble line by line, of which five mebibytes hold millions.
    """

    def __init__(self, body: bytes) -> None:
        self._body = BytesIO(body)
        self._size = len(body)
        self._lines = 0

    async def readline(self, *, max_line_length: int = MULTIPART_OVERHEAD) -> bytes:
        self._lines += 1
        if self._lines > MAX_LINES:
            raise ValueError("too many lines")
        line = self._body.readline(max_line_length + 1)
        if len(line) > max_line_length:
            raise ValueError("a line is too long")
        return line

    async def read(self, size: int) -> bytes:
        return self._body.read(size)

    def at_eof(self) -> bool:
        return self._body.tell() == self._size

    def unread_data(self, data: bytes) -> None:
        self._body.seek(-len(data), 1)
