"""Answers a request that comes again with its Idempotency-Key as the first one was answered."""

from collections.abc import Awaitable, Callable
from typing import IO, Final, cast

from aiohttp import web
from aiohttp.typedefs import Handler

from contactsvc.accounts.idempotency.repository import KeptAnswer, claim, refuse_under_way
from contactsvc.accounts.idempotency.service import Hold, held, in_turn
from contactsvc.platform.errors import ServiceError
from contactsvc.web.idempotency import (
    BODY_DIGEST,
    REPLAYED,
    digest_of,
    fingerprint,
    has_key,
    key_of,
)
from contactsvc.web.keys import USER_ID
from contactsvc.web.middleware.errors import answer_to
from contactsvc.web.operation import OPERATION

FINAL: Final = frozenset({404, 409, 410, 412})
"""Errors that are kept: the request was worked on, and things did not stand as it needs them.

Any other has changed nothing and says nothing of that, so the request may be tried again.
"""

Keep = Callable[[web.Response], Awaitable[None]]
"""Keeps an answer, in the transaction around it if there is one; of errors, those in FINAL."""

Work = Callable[[Keep], Awaitable[web.StreamResponse]]


@web.middleware
async def idempotency(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Run a handler once for each key, in one transaction in which its answer is kept.

    A handler that reads its body itself is called as it is, and calls :func:`answer_once`.

    Raises:
        ValidationFailed: The key is not valid.
        ServiceError: As :func:`answer_once`.
    """
    operation = request[OPERATION]
    if operation is None or not operation.idempotency_key or not has_key(request):
        return await handler(request)
    if operation.upload is not None:
        # Before the file is read, and before it is told that another one is on its way.
        await refuse_under_way(request[USER_ID], key_of(request))
        return await handler(request)

    async def work(keep: Keep) -> web.StreamResponse:
        async with in_turn(request[USER_ID]):
            response = await handler(request)
            await keep(cast(web.Response, response))
        return response

    return await _answer_once(request, request[BODY_DIGEST], work)


async def answer_once(request: web.Request, file: IO[bytes], work: Work) -> web.StreamResponse:
    """Return the answer that the request's key has had, or else what ``work`` answers.

    Args:
        request: A request of a signed-in user, with a key or without.
        file: What was uploaded, by which the request is told from another one.
        work: Does what is asked for. It keeps its answer in the transaction of what it changes, so
            that there is never one without the other.

    Raises:
        ValidationFailed: The key is not valid.
        Conflict: The first request with the key is under way.
        IdempotencyKeyReused: The first one was another request.
        RateLimited: The user has too many keys, or too large answers.
        ServiceError: As ``work``, where that is no error in FINAL.
    """
    if not has_key(request):
        return await work(_keep_nothing)
    return await _answer_once(request, await digest_of(file), work)


async def _keep_nothing(_: web.Response) -> None:
    pass


async def _answer_once(request: web.Request, body_digest: str, work: Work) -> web.StreamResponse:
    asked = fingerprint(request, body_digest)
    claimed = await claim(request[USER_ID], key_of(request), asked)
    if isinstance(claimed, KeptAnswer):
        headers = {**claimed.headers, REPLAYED: "true"}
        return web.Response(status=claimed.status, body=claimed.body, headers=headers)
    async with held(claimed) as hold:
        return await _worked(request, hold, work)


async def _worked(request: web.Request, hold: Hold, work: Work) -> web.StreamResponse:
    async def keep(response: web.Response) -> None:
        if response.status < web.HTTPBadRequest.status_code or response.status in FINAL:
            headers = {str(name): value for name, value in response.headers.items()}
            body = cast(bytes, response.body or b"")
            await hold.keep(KeptAnswer(response.status, headers, body))

    try:
        response = await work(keep)
    except ServiceError as error:
        response = answer_to(request, error)
        if response.status not in FINAL:
            raise
        await keep(response)
    else:
        if not hold.is_kept:
            await keep(cast(web.Response, response))
    return response
