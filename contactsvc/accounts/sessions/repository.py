"""Sign-ins: begun, renewed, listed and ended."""

import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.sessions.model import Session
from contactsvc.accounts.users.model import User
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import delete_some
from contactsvc.platform.database.transactions import transaction

BeforeCommit = Callable[[int, list[int]], Awaitable[object]]
"""Is told a user's id and the ids of the sessions that are about to be ended."""

REPLAY_WINDOW: Final = timedelta(seconds=10)
"""How long the parent of the current refresh token may come again, its answer having been lost."""

ID_BITS: Final = 53
"""Of a session's id: whoever reads JSON with JavaScript can tell no longer ones apart."""

MOST: Final = 100
"""Sessions of one user at a time, so that their list has an end; the one least used lately goes."""

_LISTED: Final = ("id", "user_agent", "ip", "created_at", "last_used_at")


@dataclass(frozen=True)
class Grant:
    """What a session's tokens are made of. The same row gives the same grant.

    Args:
        user_id: Whose session.
        session_id: Which session.
        counter: Number of the refresh token that is good now.
        auth_version: The user's, as it was just read.
        issued_at: When that refresh token was first given.
        expires_at: When the session ends if it is not renewed.
    """

    user_id: int
    session_id: int
    counter: int
    auth_version: int
    issued_at: datetime
    expires_at: datetime


class SessionRepository:
    """The sessions of all users; every method names the user first.

    Args:
        ttl: Seconds that a session lives unused.
        before_commit: Called inside the transaction that ends sessions, so that their access
            tokens are refused from the moment of its commit.
        max_age: Seconds that a session lives at the most, however much it is used.
    """

    def __init__(self, ttl: int, before_commit: BeforeCommit, max_age: int) -> None:
        self._ttl = timedelta(seconds=ttl)
        self._before_commit = before_commit
        self._max_age = timedelta(seconds=max_age)

    async def begin(self, user_id: int, auth_version: int, caller: Caller) -> Grant | None:
        """Store a new session.

        Returns:
            None where the user is gone, or has changed since ``auth_version`` was read: a password
            that was checked then may not be the user's any more.
        """
        async with transaction():
            # The lock lets a password change either see this session and end it, or be seen here.
            user = User.filter(id=user_id, auth_version=auth_version).only("id")
            if await user.select_for_update(no_key=True).get_or_none() is None:
                return None
            moment = now()
            await self._make_room(user_id, caller)
            session = await Session.create(
                # Not the next number: a database that is restored to an earlier state would give
                # it once more, and the tokens of two people would be good for one session.
                id=secrets.randbits(ID_BITS),
                user_id=user_id,
                # aiohttp gives bytes that are no UTF-8 as lone surrogates.
                user_agent=caller.user_agent[:255].encode("utf-8", "replace").decode(),
                ip=caller.ip,
                created_at=moment,
                last_used_at=moment,
                expires_at=moment + min(self._ttl, self._max_age),
            )
        return _grant(user_id, session, auth_version)

    async def renew(
        self, user_id: int, session_id: int, counter: int, caller: Caller
    ) -> Grant | None:
        """Use refresh token number ``counter`` (RFC 9700, section 4.14.2).

        The current token gives the next one, and its parent gives that same one for a short while.
        Any other was stolen, by whoever uses it or whoever used it first: the session ends, which
        is committed when this returns.

        Returns:
            None where the session has ended or ends now, or the user may not be in any more.
        """
        async with transaction():
            session = await Session.filter(
                user_id=user_id, id=session_id, revoked_at=None
            ).select_for_update().get_or_none()  # fmt: skip
            moment = now()  # not before the lock: others may have renewed while this one waited
            if session is None or moment >= min(session.expires_at, self._oldest_end(session)):
                return None
            current = counter == session.counter
            if not current and not _is_replay(session, counter, moment):
                await self._end_stolen(user_id, session, counter, caller)
                return None
            columns = ("is_active", "auth_version")
            user = await User.filter(id=user_id).first().values_list(*columns)
            if not user or not user[0]:
                return None
            if current:
                await self._rotate(user_id, session, moment)
        return _grant(user_id, session, user[1])

    async def alive(self, user_id: int) -> list[dict[str, Any]]:
        """Return a user's sessions that have not ended, the last used one first; MOST of them."""
        return list(await _alive(user_id).values(*_LISTED))

    async def end(
        self, user_id: int, *, only_id: int | None = None, except_id: int | None = None
    ) -> list[int]:
        """End a user's sessions and return the ids of those that were alive.

        Args:
            user_id: The user; a session of anybody else is not touched.
            only_id: The only session to end; None is all of them.
            except_id: A session that stays; None is none.
        """
        async with transaction():
            # Expired ones too: their access tokens may live a little longer in the cache.
            unended = Session.filter(user_id=user_id, revoked_at=None)
            if only_id is not None:
                unended = unended.filter(id=only_id)
            if except_id is not None:
                unended = unended.exclude(id=except_id)
            ended = await unended.select_for_update().order_by("id")
            moment = now()
            ids = [session.id for session in ended]
            await Session.filter(user_id=user_id, id__in=ids).update(revoked_at=moment)
            await self._before_commit(user_id, ids)
        return [session.id for session in ended if session.expires_at > moment]

    async def _make_room(self, user_id: int, caller: Caller) -> None:
        """End what would be one session too many."""
        surplus = await _alive(user_id).offset(MOST - 1).values_list("id", flat=True)
        if not surplus:
            return
        ids = [int(str(session_id)) for session_id in surplus]
        await Session.filter(user_id=user_id, id__in=ids).update(revoked_at=now())
        await self._before_commit(user_id, ids)
        await record(
            Event.TOKEN_REVOKED,
            caller,
            user_id=user_id,
            actor_id=user_id,
            session_ids=ids,
            reason="too_many",
        )

    def _oldest_end(self, session: Session) -> datetime:
        return session.created_at + self._max_age

    async def _rotate(self, user_id: int, session: Session, moment: datetime) -> None:
        session.counter += 1
        session.last_used_at = moment
        session.expires_at = min(moment + self._ttl, self._oldest_end(session))
        await Session.filter(user_id=user_id, id=session.id).update(
            counter=session.counter, last_used_at=moment, expires_at=session.expires_at
        )

    async def _end_stolen(
        self, user_id: int, session: Session, counter: int, caller: Caller
    ) -> None:
        await self.end(user_id, only_id=session.id)
        await record(
            Event.TOKEN_REUSE,
            caller,
            user_id=user_id,
            session_id=session.id,
            counter=counter,
            expected=session.counter,
        )


def _alive(user_id: int) -> QuerySet[Session]:
    alive = Session.filter(user_id=user_id, revoked_at=None, expires_at__gt=now())
    return alive.order_by("-last_used_at", "-id")


async def purge(before: datetime) -> int:
    """Remove up to BATCH sessions that ended before that, and return how many there were."""
    ended = Q(expires_at__lt=before) | Q(revoked_at__lt=before)
    return await delete_some(Session.filter(ended))


def _is_replay(session: Session, counter: int, moment: datetime) -> bool:
    return counter == session.counter - 1 and moment - session.last_used_at <= REPLAY_WINDOW


def _grant(user_id: int, session: Session, auth_version: int) -> Grant:
    return Grant(
        user_id=user_id,
        session_id=session.id,
        counter=session.counter,
        auth_version=auth_version,
        issued_at=session.last_used_at,
        expires_at=session.expires_at,
    )
