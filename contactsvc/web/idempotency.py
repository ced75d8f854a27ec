"""Reads Idempotency-Key (draft-ietf-httpapi-idempotency-key-header), and what a request asks for.

The draft has the key as a quoted string; here it is any text, quotes included, as clients send it.
"""

import asyncio
import re
from hashlib import file_digest, sha256
from typing import IO, Final

from aiohttp import web

from contactsvc.platform.errors import ValidationFailed

HEADER: Final = "Idempotency-Key"
REPLAYED: Final = "Idempotency-Replayed"
"""Tells, as ``true``, that an answer is given again."""

BODY_DIGEST: Final = web.RequestKey("BODY_DIGEST", str)
"""The digest of a body that the validation has read, of a request with a key."""

_KEY: Final = re.compile(r"[!-~]{1,255}")
_AT_ONCE: Final = 1024 * 1024
"""Bytes that are hashed on the event loop, in a millisecond or two."""


def has_key(request: web.Request) -> bool:
    """Return whether a request has a key, valid or not."""
    return HEADER in request.headers


def key_of(request: web.Request) -> str:
    """Return the key of a request that has one.

    Raises:
        ValidationFailed: It is not 1 to 255 visible characters of ASCII, or comes twice.
    """
    keys = request.headers.getall(HEADER)
    if len(keys) > 1:
        raise ValidationFailed.of(f"/{HEADER}", "Given more than once; send one.")
    if not _KEY.fullmatch(keys[0]):
        raise ValidationFailed.of(f"/{HEADER}", "Not 1 to 255 visible characters of ASCII.")
    return keys[0]


async def digest_of(body: bytes | IO[bytes]) -> str:
    """Return the SHA-256 of a body in hex; of a file it is read and rewound in a thread."""
    if not isinstance(body, bytes):
        return await asyncio.to_thread(_digest_of_file, body)
    if len(body) > _AT_ONCE:
        return (await asyncio.to_thread(sha256, body)).hexdigest()
    return sha256(body).hexdigest()


def _digest_of_file(file: IO[bytes]) -> str:
    digest = file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # it has readinto
    file.seek(0)
    return digest


def fingerprint(request: web.Request, body_digest: str) -> str:
    """Return the SHA-256, in hex, of what is asked: method, path, query, media type and body.

    Parameters of the media type do not count: each form has a boundary of its own.
    """
    url = request.rel_url
    parts = (
        request.method,
        url.raw_path.rstrip("/"),
        url.raw_query_string,
        request.content_type,
        body_digest,
    )
    return sha256("\n".join(parts).encode()).hexdigest()
