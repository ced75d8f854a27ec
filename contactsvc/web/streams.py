"""Answers that are sent while they are made, to clients that may be slow or gone."""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing
from typing import Final

from aiohttp import web

from contactsvc.platform.errors import Unavailable

logger = logging.getLogger(__name__)

PATIENCE: Final = 60.0
"""Seconds within which a client must take what has been sent, before more is made."""


async def streamed(
    request: web.Request,
    pieces: AsyncIterator[bytes],
    media_type: str,
    headers: Mapping[str, str],
    charset: str | None = None,
    status: int = 200,
) -> web.StreamResponse:
    """Send an answer piece by piece.

    What fails after the status has been sent breaks the connection off, so that no client takes a
    part for the whole (RFC 9112, section 8).

    Args:
        request: The request, whose connection ends if a piece is not taken within PATIENCE.
        pieces: The body; the first piece is awaited before the status is sent.
        media_type: The media type.
        headers: Other headers.
        charset: The charset of a text.
        status: The HTTP status.
    """
    async with aclosing(pieces) as body:  # type: ignore[type-var]  # all of ours are generators
        first = await anext(body, b"")
        response = web.StreamResponse(status=status, headers=headers)
        response.content_type, response.charset = media_type, charset
        await response.prepare(request)
        try:
            await _send(response, first)
            async for piece in body:
                await _send(response, piece)
            await _send(response, None)
        except (TimeoutError, ConnectionError):
            _break_off(request)  # they are slow, or gone
        except Unavailable as error:
            logger.warning("An answer was broken off: %s", error)
            _break_off(request)
        except BaseException as error:
            _break_off(request)
            if not isinstance(error, Exception):
                raise
            logger.exception("An answer was broken off.")
    return response


async def _send(response: web.StreamResponse, piece: bytes | None) -> None:
    async with asyncio.timeout(PATIENCE):
        if piece is None:
            await response.write_eof()
        elif piece:
            await response.write(piece)


def _break_off(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()
