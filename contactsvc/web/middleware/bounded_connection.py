"""A connection with limits on what a client sends, counted while aiohttp's parser reads it.

aiohttp limits the length of a header line and their number. It does not limit a header block as a
whole, the time for it, or the requests that are pipelined behind the one being answered, and an
unexpected error in its parser leaves the client without an answer.
"""

import asyncio
from http import HTTPStatus
from typing import Any, Final

from aiohttp import hdrs, web
from aiohttp.helpers import set_exception
from aiohttp.http_exceptions import LineTooLong
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import EMPTY_PAYLOAD, StreamReader
from aiohttp.web_protocol import RequestHandler, _ErrInfo

from contactsvc.web.middleware.header_blocks import OVERLAP, first_end, last_end

HEADER_BLOCK: Final = 64 * 1024
"""The most bytes of a request line with its headers, and of the trailers of a chunked body."""

HEADER_SECONDS: Final = 15.0
"""Seconds for a header block: from connecting, or from the first byte of the next request."""


class BoundedConnection(RequestHandler):
    """A connection that limits header blocks, their time, and pipelined requests.

    Args:
        manager: aiohttp's server.
    """

    __slots__ = (
        "_body",
        "_deadline",
        "_ignores_input",
        "_length",
        "_pending",
        "_tail",
        "_unparsed",
    )

    def __init__(self, manager: web.Server, **kwargs: Any) -> None:
        super().__init__(manager, **kwargs)
        self._body: StreamReader = EMPTY_PAYLOAD  # the body of the request that was parsed last
        self._length: int | None = None  # the Content-Length of this body
        self._pending = 0  # bytes parsed of an unfinished header block
        self._tail = b""  # the last bytes parsed, which may begin the end of a block
        self._unparsed = b""  # pipelined input that waits for the requests before it
        self._ignores_input = False  # all further input is dropped
        self._deadline: asyncio.TimerHandle | None = None

    @property
    def unfinished(self) -> int:
        """Bytes of unfinished requests that this connection holds."""
        return self._pending + len(self._unparsed)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Begin to read, and start the time limit of the first header block."""
        super().connection_made(transport)
        self._deadline = self._loop.call_later(HEADER_SECONDS, self._expire)

    def connection_lost(self, exc: BaseException | None) -> None:
        """Drop input and stop the time limit."""
        self._unparsed = b""
        self._end_deadline()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Parse input, unless the connection is about to close."""
        if self._ignores_input or self._close or self._force_close:
            return
        try:
            self._parse(data)
        except Exception as error:  # noqa: BLE001 - aiohttp expects its own kind only
            self._refuse(HTTPStatus.BAD_REQUEST, error)
        if self._pending and self._deadline is None and self._body.is_eof():
            self._deadline = self._loop.call_later(HEADER_SECONDS, self._expire)

    def _parse(self, data: bytes) -> None:
        """Feed ``data`` to the parser piece by piece, so that every header block is counted."""
        unparsed, self._unparsed = self._unparsed, b""
        if unparsed or not data:
            self._feed(b"")  # let the parser go on with what it holds itself
        data = unparsed + data
        while data and not self._ignores_input:
            between = self._body.is_eof()
            if between and not self._pending:
                data = data.lstrip(b"\r\n")  # RFC 9112, 2.2
            if self._reading_paused or (between and self._messages):
                self._unparsed, data = data, b""
            elif piece := data[: self._piece(data)]:
                self._feed_counted(piece)
                data = data[len(piece) :]
        if self._unparsed:
            self._pause_reading_for_buffer()
        elif self._buffer_paused:
            self._resume_reading_for_buffer()

    def _piece(self, data: bytes) -> int:
        """Return the length of the first piece: it ends where the next header block may begin."""
        if self._body.is_eof():
            return first_end(self._tail, data)
        if self._length is None:
            return last_end(self._tail, data)
        return max(self._length - self._body.total_bytes, 1)

    def _feed_counted(self, piece: bytes) -> None:
        if self._body.is_eof() and self._pending + len(piece) > HEADER_BLOCK:
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
            return
        self._feed(piece)
        if self._pending > HEADER_BLOCK:  # trailers, or the extensions of one chunk
            self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)

    def _feed(self, piece: bytes) -> None:
        body, size, queued = self._body, self._body.total_bytes, len(self._messages)
        super().data_received(piece)
        self._tail = (self._tail + piece[-OVERLAP:])[-OVERLAP:]
        if len(self._messages) > queued:
            message, payload = self._messages[-1]
            if isinstance(message, _ErrInfo):
                self._messages.pop()
                self._refuse(HTTPStatus.BAD_REQUEST, message.exc)
                return
            self._begin(message, payload)
        else:
            self._pending = 0 if body.total_bytes > size else self._pending + len(piece)
        if self._upgraded:  # to another protocol, of which there is none
            self._ignores_input, self._message_tail = True, b""

    def _begin(self, message: RawRequestMessage, payload: StreamReader) -> None:
        """Start a request whose header block is whole: reset the counts and note its body."""
        self._pending = 0
        self._body = payload
        length = None if message.chunked else message.headers.get(hdrs.CONTENT_LENGTH)
        self._length = int(length) if length else None
        self._end_deadline()

    def _refuse(self, status: HTTPStatus, error: BaseException | None = None) -> None:
        """Queue an error answer behind the answers before it, and drop all further input."""
        self._ignores_input = True
        self._unparsed = b""
        self._pending = 0
        self._end_deadline()
        if not self._body.is_eof():  # a request is being answered whose body this is
            set_exception(self._body, web.RequestPayloadError("The body cannot be read."))
            return
        cause = error or LineTooLong(b"", HEADER_BLOCK)
        self._messages.append((_ErrInfo(status, cause, str(cause)), EMPTY_PAYLOAD))
        if self._waiter is not None and not self._waiter.done():
            self._waiter.set_result(None)

    def _resume_reading_if_drained(self) -> None:
        self.data_received(b"")

    def _end_deadline(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _expire(self) -> None:
        """Close the connection after the current answer."""
        self._deadline = None
        self.close()
