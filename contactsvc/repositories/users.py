"""Accounts: how they are found, made and changed."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from tortoise.exceptions import IntegrityError
from tortoise.transactions import in_transaction

from contactsvc.clock import now
from contactsvc.errors import EmailTaken, NotFound
from contactsvc.models import CurrentUser, Role, Session, User
from contactsvc.repositories.search_keys import email_key

BeforeCommit = Callable[[int, int], Awaitable[None]]
"""Is told a user's id and new version while the change can still be seen by nobody."""


@dataclass(frozen=True)
class Credentials:
    """What a sign-in is checked against."""

    user_id: int
    password_hash: str
    confirmed: bool
    is_active: bool
    auth_version: int


_CURRENT: Final = tuple(CurrentUser.__dataclass_fields__)


class UserRepository:
    """The accounts.

    Args:
        before_commit: Called inside the transaction of every change, so that no change can be
            written that leaves an old copy in the cache.
    """

    def __init__(self, before_commit: BeforeCommit) -> None:
        self._before_commit = before_commit

    async def create(self, email: str, password_hash: str, name: str) -> int:
        """Store a new account and return its id.

        Raises:
            EmailTaken: Another account has that e-mail, in whatever case.
        """
        try:
            user = await User.create(
                email=email,
                email_key=email_key(email),
                name=name,
                password_hash=password_hash,
                created_at=now(),
            )
        except IntegrityError as error:
            raise EmailTaken from error
        return int(user.id)

    async def credentials(self, email: str) -> Credentials | None:
        """Return what the account with that e-mail signs in with, or None."""
        columns = ("id", "password_hash", "confirmed", "is_active", "auth_version")
        row = await User.filter(email_key=email_key(email)).first().values_list(*columns)
        return Credentials(*row) if row else None

    async def current(self, user_id: int, session_id: int) -> CurrentUser | None:
        """Return the user in one statement, if that session of theirs is alive; else None."""
        columns = {f"user__{column}": column for column in _CURRENT}
        row = (
            await Session.filter(
                user_id=user_id, id=session_id, revoked_at=None, expires_at__gt=now()
            )
            .first()
            .values(**{column: path for path, column in columns.items()})
        )
        return CurrentUser(**row) if row else None

    async def find(self, email: str) -> int:
        """Return the id of the account with that e-mail.

        Raises:
            NotFound: There is none.
        """
        user_id = await User.filter(email_key=email_key(email)).first().values_list("id", flat=True)
        if user_id is None:
            raise NotFound(f"There is no account {email}.")
        return int(str(user_id))

    async def names(self, user_id: int) -> tuple[str, str]:
        """Return the user's name, which may be empty, and e-mail.

        Raises:
            NotFound: There is no such user.
        """
        row = await User.filter(id=user_id).first().values_list("name", "email")
        if not row:
            raise NotFound
        return str(row[0]), str(row[1])

    async def rename(self, user_id: int, name: str) -> CurrentUser:
        """Give the user another name."""
        return await self._change(user_id, name=name)

    async def set_role(self, user_id: int, role: Role) -> CurrentUser:
        """Give the user another role; access tokens made before are refused."""
        return await self._change(user_id, access=True, role=role)

    async def set_active(self, user_id: int, is_active: bool) -> CurrentUser:
        """Disable or enable the account; access tokens made before are refused."""
        return await self._change(user_id, access=True, is_active=is_active)

    async def set_password(self, user_id: int, password_hash: str) -> CurrentUser:
        """Store another password hash; access tokens made before are refused."""
        return await self._change(user_id, access=True, password_hash=password_hash)

    async def confirm(self, user_id: int) -> CurrentUser:
        """Note that the e-mail is the user's own; access tokens made before are refused."""
        return await self._change(user_id, access=True, confirmed=True)

    async def _change(self, user_id: int, *, access: bool = False, **columns: Any) -> CurrentUser:
        """Write ``columns``, and let the cache know before anybody can see them.

        Raises:
            NotFound: There is no such user.
        """
        async with in_transaction():
            # The lock makes writers of one user take turns, so the versions go up one by one.
            user = await User.filter(id=user_id).select_for_update().get_or_none()
            if user is None:
                raise NotFound
            user.update_from_dict(columns)
            user.version += 1
            user.auth_version += access
            await user.save(update_fields=[*columns, "version", "auth_version"])
            await self._before_commit(user.id, user.version)
        return CurrentUser(**{column: getattr(user, column) for column in _CURRENT})
