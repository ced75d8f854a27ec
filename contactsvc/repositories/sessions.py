"""Sign-ins: begun, renewed and ended."""

from collections.abc import Awaitable, Callable
from datetime import timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F
from tortoise.transactions import in_transaction

from contactsvc.clock import now
from contactsvc.errors import Unauthenticated
from contactsvc.models import Session

BeforeCommit = Callable[[int, list[int]], Awaitable[None]]
"""Is told a user's id and the ids of the sessions that are about to be ended."""


class SessionRepository:
    """The sessions of all users; every method names the user first.

    Args:
        ttl: Seconds that a session lives unused.
        before_commit: Called inside the transaction that ends sessions, so that their access
            tokens are refused from the moment of its commit.
    """

    def __init__(self, ttl: int, before_commit: BeforeCommit) -> None:
        self._ttl = timedelta(seconds=ttl)
        self._before_commit = before_commit

    async def begin(self, user_id: int, user_agent: str, ip: str) -> int:
        """Store a new session and return its id.

        Raises:
            Unauthenticated: There is no such user any more.
        """
        moment = now()
        try:
            session = await Session.create(
                user_id=user_id,
                # aiohttp gives bytes that are no UTF-8 as lone surrogates.
                user_agent=user_agent[:255].encode("utf-8", "replace").decode(),
                ip=ip,
                created_at=moment,
                last_used_at=moment,
                expires_at=moment + self._ttl,
            )
        except IntegrityError as error:  # the account was deleted a moment ago
            raise Unauthenticated from error
        return int(session.id)

    async def renew(self, user_id: int, session_id: int, counter: int) -> bool:
        """Use up refresh token number ``counter``; only one of many at once succeeds."""
        moment = now()
        renewed = await Session.filter(
            user_id=user_id, id=session_id, counter=counter, revoked_at=None, expires_at__gt=moment
        ).update(counter=F("counter") + 1, last_used_at=moment, expires_at=moment + self._ttl)
        return renewed == 1

    async def end(self, user_id: int, *, only: int | None = None, but: int | None = None) -> None:
        """End a user's sessions, as far as they are alive.

        Args:
            user_id: Whose.
            only: End this one alone.
            but: End all others.
        """
        async with in_transaction():
            alive = Session.filter(user_id=user_id, revoked_at=None)
            if only is not None:
                alive = alive.filter(id=only)
            if but is not None:
                alive = alive.exclude(id=but)
            ids = [session.id for session in await alive.select_for_update().order_by("id")]
            await Session.filter(user_id=user_id, id__in=ids).update(revoked_at=now())
            await self._before_commit(user_id, ids)
