"""The connection of the service: aiohttp's RequestHandler with limits that it lacks.

aiohttp has no setting for these limits, drains a body that no handler has read, and may fail
without an answer. So its class is replaced by a subclass (decision 0011).
"""

import asyncio
import logging
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Final, cast

from aiohttp import hdrs, web, web_server
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http_parser import RawRequestMessage
from aiohttp.streams import StreamReader
from aiohttp.web_protocol import ERROR, RequestHandler, _ErrInfo

from contactsvc.web.keys import SERVICES
from contactsvc.web.middleware.bounded_connection import BoundedConnection
from contactsvc.web.middleware.protocol import answer_error, application_of

logger = logging.getLogger(__name__)

STALLED_SECONDS: Final = 60.0
"""Seconds after which the connection of a client that reads nothing of its answer is closed."""

LINGER_SECONDS: Final = 10.0
LINGER_BYTES: Final = 64 * 1024 * 1024
"""How many seconds, and bytes, input is still read and dropped after an answer that closes.

A connection that is closed with bytes unread is reset, and a reset may destroy an answer that the
client has not read yet (RFC 9112, 9.6). Many clients send all of a body before they read: so the
bytes are more than the largest body that is allowed.
"""

HANDLER_ARGS: Final = {"auto_decompress": False, "lingering_time": 0}
"""For the application: aiohttp neither decompresses nor drains bodies by itself."""


def install() -> None:
    """Use Connection in every application of the service in this process; idempotent."""
    web_server.RequestHandler = _make_connection  # type: ignore[assignment,attr-defined]


def _make_connection(manager: web.Server, **kwargs: Any) -> RequestHandler:
    """Return a Connection, or aiohttp's own for other applications, such as servers in tests."""
    app = application_of(manager)
    if app is None or SERVICES not in app:
        return RequestHandler(manager, **kwargs)
    return Connection(manager, app, **kwargs)


def close_unread(request: web.Request, response: web.StreamResponse) -> None:
    """Announce that the connection closes, if the rest of its input will not be read."""
    protocol = request.protocol
    if not request.content.is_eof() or (isinstance(protocol, Connection) and protocol.closes):
        response.force_close()
        response.headers[hdrs.CONNECTION] = "close"


class Connection(BoundedConnection):
    """A connection of the service.

    Args:
        manager: aiohttp's server.
        app: The application of the service.
    """

    __slots__ = (
        "_connections",
        "_discarded",
        "_lingering",
        "_reported",
        "_stalled",
        "_unreadable",
    )

    def __init__(self, manager: web.Server, app: web.Application, **kwargs: Any) -> None:
        super().__init__(manager, **kwargs)
        self._connections = app[SERVICES].connections
        self._request_factory = self._make_request
        self._reported = 0  # the unfinished bytes that were last reported to Connections
        self._stalled: asyncio.TimerHandle | None = None
        self._lingering: asyncio.Future[None] | None = None
        self._discarded = 0  # bytes that came while lingering
        self._unreadable: Exception | None = None

    @property
    def idle(self) -> bool:
        """Whether no request is being answered; a connection that lingers is idle."""
        if self._lingering is not None:
            return True
        return self._waiter is not None and not self._waiter.done()

    @property
    def idle_since(self) -> float:
        """When it became idle, plus a constant, in seconds of the loop's clock."""
        return self._next_keepalive_close_time

    @property
    def closes(self) -> bool:
        """Whether the connection ends with the answer to the request that was parsed last."""
        return self._ignores_input and not self._messages

    def abort(self) -> None:
        """Close the connection at once; what is left of an answer is lost."""
        transport = self.transport
        self.force_close()
        if transport is not None:
            transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Accept the connection if there is room, or else close it."""
        if self._connections.admit(self):
            super().connection_made(transport)
        else:
            cast(asyncio.Transport, transport).abort()

    def connection_lost(self, exc: BaseException | None) -> None:
        """Remove the connection and stop its timers."""
        self._connections.remove(self)
        self._end_stalled()
        self._stop_lingering()
        super().connection_lost(exc)

    async def start(self) -> None:
        """Answer requests one after the other, until the connection ends."""
        try:
            await super().start()
        except Exception as error:  # noqa: BLE001 - the task would die, and the client wait for ever
            if self.transport is not None:
                logger.warning("A connection is closed: %s in aiohttp.", type(error).__name__)
                self.abort()
        if self.transport is not None and self._stalled is None:
            self._stalled = self._loop.call_later(STALLED_SECONDS, self.abort)

    def data_received(self, data: bytes) -> None:
        """Parse input, or drop it while lingering."""
        if self._lingering is not None:
            self._discarded += len(data)
            if self._discarded > LINGER_BYTES:
                self._stop_lingering()
            return
        super().data_received(data)
        size = self.unfinished
        if size != self._reported:
            self._reported = size
            self._connections.set_pending(self, size)

    def eof_received(self) -> None:
        """Close the connection, because the client has."""
        self._stop_lingering()

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,
    ) -> web.StreamResponse:
        """Answer with a problem what never reached the application."""
        return answer_error(self._manager, request, status, exc)

    def _make_request(
        self,
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: RequestHandler,
        writer: AbstractStreamWriter,
        task: "asyncio.Task[None]",
    ) -> web.BaseRequest:
        """Return the request, or a stand-in if aiohttp fails to make one of the message."""
        manager = cast(web.Server, self._manager)
        try:
            return manager.request_factory(message, payload, protocol, writer, task)
        except Exception as error:  # noqa: BLE001 - such as a UnicodeError for a host of xn--
            self._unreadable = error
            return web.BaseRequest(ERROR, payload, protocol, writer, task, self._loop)

    async def _handle_request(
        self, request: web.BaseRequest, start_time: float | None, request_handler: Any
    ) -> tuple[web.StreamResponse, bool]:
        if self._unreadable is not None:
            info = _ErrInfo(HTTPStatus.BAD_REQUEST, self._unreadable, "")
            request_handler = self._make_error_handler(info)
        answered = await super()._handle_request(request, start_time, request_handler)
        if not request.content.is_eof() or self.closes:
            await self._linger()
        return answered

    async def _linger(self) -> None:
        """Send FIN, and drop input until the client closes or a limit is reached."""
        transport = self.transport
        if transport is None:
            return
        self._close = True
        self._lingering = self._loop.create_future()
        with suppress(TimeoutError, OSError, RuntimeError):  # it may be closing already
            transport.write_eof()
            self._resume_transport_reading()
            async with asyncio.timeout(LINGER_SECONDS):
                await self._lingering

    def _stop_lingering(self) -> None:
        if self._lingering is not None and not self._lingering.done():
            self._lingering.set_result(None)

    def pause_writing(self) -> None:
        """Start the time limit of a client that does not read."""
        super().pause_writing()
        self._stalled = self._loop.call_later(STALLED_SECONDS, self.abort)

    def resume_writing(self) -> None:
        """Stop the time limit: the client reads again."""
        super().resume_writing()
        self._end_stalled()

    def _end_stalled(self) -> None:
        if self._stalled is not None:
            self._stalled.cancel()
            self._stalled = None

    def _expire(self) -> None:
        if self.idle:
            self.abort()
        super()._expire()
