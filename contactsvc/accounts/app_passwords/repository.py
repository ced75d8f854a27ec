"""App passwords in the database: added, found, listed and removed."""

import secrets
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final, NamedTuple, TypedDict, cast

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from contactsvc.accounts.app_passwords.model import AppPassword, AppPasswordScope
from contactsvc.accounts.sessions.repository import ID_BITS
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import delete_some
from contactsvc.platform.database.transactions import transaction

BeforeCommit = Callable[[int, list[int]], Awaitable[object]]
"""Called with a user's id and the ids of their app passwords that end at the commit."""

USE_INTERVAL: Final = timedelta(minutes=10)
"""Time within which a further use is not written down."""


class AppPasswordRow(TypedDict):
    """An app password as its user sees it."""

    id: int
    name: str
    scope: AppPasswordScope
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None


class Grant(NamedTuple):
    """What an app password grants; it never changes while the password exists.

    Args:
        user_id: The user who is signed in with it.
        id: The password, unique for one user, and among their sessions, too.
        scope: What may be done with it.
        expires_at: Time at which it ends; None is never.
    """

    user_id: int
    id: int
    scope: AppPasswordScope
    expires_at: datetime | None


_LISTED: Final = tuple(AppPasswordRow.__annotations__)
_GRANT: Final = ("id", "scope", "expires_at")
_USER: Final = tuple(CurrentUser.__dataclass_fields__)


class AppPasswordRepository:
    """The app passwords of all users; every method names the user first.

    Args:
        before_commit: Called inside the transaction that removes app passwords, so that they are
            refused from its commit on.
    """

    def __init__(self, before_commit: BeforeCommit) -> None:
        self._before_commit = before_commit

    async def add(
        self,
        user_id: int,
        name: str,
        scope: AppPasswordScope,
        digest: str,
        expires_at: datetime | None,
    ) -> AppPasswordRow:
        """Store a new app password."""
        # Random as the id of a session, among which the cache keeps it.
        row = AppPasswordRow(
            id=secrets.randbits(ID_BITS),
            name=name,
            scope=scope,
            created_at=now(),
            last_used_at=None,
            expires_at=expires_at,
        )
        await AppPassword.create(user_id=user_id, digest=digest, **row)
        return row

    async def find(self, user_id: int, digest: str) -> tuple[CurrentUser, Grant] | None:
        """Return the user of an app password and what it grants, in one statement.

        None where the user has no such password, or it has expired.
        """
        row = (
            await _unexpired(user_id)
            .filter(digest=digest)
            .first()
            .values(
                **{f"own_{column}": column for column in _GRANT},
                **{column: f"user__{column}" for column in _USER},
            )
        )
        if not row:
            return None
        grant = Grant(user_id, *(row.pop(f"own_{column}") for column in _GRANT))
        return CurrentUser(**row), grant

    async def all(self, user_id: int) -> list[AppPasswordRow]:
        """Return the app passwords of a user that have not expired, the newest first."""
        rows = await _unexpired(user_id).order_by("-created_at", "-id").values(*_LISTED)
        return cast(list[AppPasswordRow], rows)

    async def count(self, user_id: int) -> int:
        """Return how many app passwords of a user have not expired."""
        return await _unexpired(user_id).count()

    async def note_use(self, user_id: int, password_id: int) -> None:
        """Write down that an app password is used now, unless that was done a moment ago."""
        moment = now()
        stale = Q(last_used_at=None) | Q(last_used_at__lt=moment - USE_INTERVAL)
        mine = AppPassword.filter(stale, user_id=user_id, id=password_id)
        await mine.update(last_used_at=moment)

    async def remove(self, user_id: int, *, only_id: int | None = None) -> list[int]:
        """Remove a user's app passwords, and return the ids of those that there were.

        Args:
            user_id: The user; nobody else's are touched.
            only_id: The only one to remove; None is all of them.
        """
        async with transaction():
            which = AppPassword.filter(user_id=user_id)
            if only_id is not None:
                which = which.filter(id=only_id)
            ids = [each.id for each in await which.select_for_update().order_by("id").only("id")]
            if ids:
                await AppPassword.filter(user_id=user_id, id__in=ids).delete()
                await self._before_commit(user_id, ids)
        return ids


def _unexpired(user_id: int) -> QuerySet[AppPassword]:
    return AppPassword.filter(Q(expires_at=None) | Q(expires_at__gt=now()), user_id=user_id)


async def purge(before: datetime) -> int:
    """Remove up to BATCH app passwords that expired before a time, and return their number."""
    return await delete_some(AppPassword.filter(expires_at__lt=before))
