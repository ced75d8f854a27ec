"""Sessions in the database: begun, renewed, listed and ended."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, TypedDict, cast

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.sessions.model import Session
from contactsvc.accounts.sessions.rows import Grant, add, add_with_event
from contactsvc.accounts.users.model import User
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import delete_some
from contactsvc.platform.database.compiled import CompiledQuery
from contactsvc.platform.database.keysets import Keyset, Page, Position
from contactsvc.platform.database.transactions import transaction

BeforeCommit = Callable[[int, list[int]], Awaitable[object]]
"""Called with a user's id and the ids of their sessions that end when the transaction commits."""

REPLAY_WINDOW: Final = timedelta(seconds=10)
"""Time for which the previous refresh token is still accepted, as its answer may have been lost."""

ID_BITS: Final = 53
"""Bits in a session id. JavaScript's numbers are exact up to 2**53."""

MAX_SESSIONS: Final = 100
"""Sessions that a user may have at a time; one more ends the least recently used."""

LAST_USED_FIRST: Final = Keyset(("last_used_at", "id"), descending=True)
"""The order of a user's sessions, in which the last ones give way to new ones."""


class SessionRow(TypedDict):
    """A session as its user sees it."""

    id: int
    user_agent: str
    ip: str
    created_at: datetime
    last_used_at: datetime


class PastSessionRow(SessionRow):
    """A session that may have ended."""

    expires_at: datetime
    revoked_at: datetime | None


_LISTED: Final = tuple(SessionRow.__annotations__)
_WITH_THE_END: Final = (*_LISTED, "expires_at", "revoked_at")


class SessionRepository:
    """The sessions of all users; every method names the user first.

    Args:
        ttl: Seconds after which a session that is not renewed expires.
        before_commit: Called inside the transaction that ends sessions, so that their access
            tokens are refused from its commit on.
        max_age: Seconds after which a session ends even if it is renewed.
    """

    def __init__(self, ttl: int, before_commit: BeforeCommit, max_age: int) -> None:
        self._ttl = timedelta(seconds=ttl)
        self._before_commit = before_commit
        self._max_age = timedelta(seconds=max_age)

    async def begin(self, user_id: int, auth_version: int, caller: Caller) -> Grant | None:
        """Store a new session, and the event of its sign-in.

        Returns:
            None where the user is gone, or has changed since ``auth_version`` was read: a password
            that was checked then may not be the user's any more.
        """
        moment = now()
        expires_at = moment + min(self._ttl, self._max_age)
        # Not the next number: a database that is restored to an earlier state would give it once
        # more, and the tokens of two people would be good for one session.
        session_id = secrets.randbits(ID_BITS)
        grant = Grant(user_id, session_id, 0, auth_version, moment, expires_at)
        # With so few sessions nobody need be counted under the lock: as many others would have to
        # sign in at the same moment to be too many.
        if await add_with_event(grant, caller, MAX_SESSIONS // 2):
            return grant
        async with transaction():
            if await _LOCK_USER.first(user_id, auth_version) is None:
                return None
            await self._make_room(user_id, caller)
            await add(grant, caller)
            await record(
                Event.LOGIN_SUCCESS,
                caller,
                user_id=user_id,
                actor_id=user_id,
                session_id=session_id,
            )
        return grant

    async def renew(
        self, user_id: int, session_id: int, counter: int, caller: Caller
    ) -> Grant | None:
        """Use refresh token number ``counter`` (RFC 9700, section 4.14.2).

        The current token gives the next one, and for REPLAY_WINDOW the previous token gives that
        same one. Any other has been used by two parties, so one of them has stolen it: the session
        ends, which is committed when this returns.

        Returns:
            None where the session has ended or ends now, or the user is gone or disabled.
        """
        async with transaction():
            session = await Session.filter(
                user_id=user_id, id=session_id, revoked_at=None
            ).select_for_update().get_or_none()  # fmt: skip
            moment = now()  # not before the lock: others may have renewed while this one waited
            if session is None or moment >= min(session.expires_at, self._max_expiry(session)):
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

    async def page(self, user_id: int) -> Page[SessionRow]:
        """Return a user's active sessions, the most recently used first.

        They always fit on one page, as nobody has more than MAX_SESSIONS: so there is no position
        to begin after, and clients are given no cursor.
        """
        page = await LAST_USED_FIRST.page(_active(user_id, now()), _LISTED, MAX_SESSIONS)
        return cast(Page[SessionRow], page)

    async def history(
        self, user_id: int, limit: int, after: Position = None
    ) -> Page[PastSessionRow]:
        """Return up to ``limit`` of all sessions of a user, ended ones too, until they are purged.

        Args:
            user_id: The user.
            limit: Sessions at the most.
            after: The ``next_position`` of the page before.
        """
        query = Session.filter(user_id=user_id)
        page = await LAST_USED_FIRST.page(query, _WITH_THE_END, limit, after)
        return cast(Page[PastSessionRow], page)

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
        """End the least recently used sessions, so that one more does not exceed MAX_SESSIONS."""
        surplus = await _SURPLUS.records(user_id, now(), MAX_SESSIONS - 1)
        if not surplus:
            return
        ids = [session["id"] for session in surplus]
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

    def _max_expiry(self, session: Session) -> datetime:
        return session.created_at + self._max_age

    async def _rotate(self, user_id: int, session: Session, moment: datetime) -> None:
        session.counter += 1
        session.last_used_at = moment
        session.expires_at = min(moment + self._ttl, self._max_expiry(session))
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


def _active(user_id: int, moment: datetime) -> QuerySet[Session]:
    return Session.filter(user_id=user_id, revoked_at=None, expires_at__gt=moment)


_LOCK_USER: Final = CompiledQuery(
    lambda user_id, auth_version: (
        User.filter(id=user_id, auth_version=auth_version).select_for_update(no_key=True).only("id")
    )
)
_SURPLUS: Final = CompiledQuery(
    lambda user_id, moment, kept: (
        LAST_USED_FIRST.ordered(_active(user_id, moment)).offset(kept).values("id")
    )
)


async def purge(before: datetime) -> int:
    """Remove up to BATCH sessions that ended before a time, and return their number."""
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
