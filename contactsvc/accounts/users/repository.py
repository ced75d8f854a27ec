"""Accounts in the database: found, created, changed and deleted."""

from collections.abc import Awaitable, Callable, Mapping
from functools import partial
from typing import Any, Final

from tortoise.exceptions import IntegrityError

from contactsvc.accounts.belongings import Belongings
from contactsvc.accounts.registration.model import Registration
from contactsvc.accounts.sessions.model import Session
from contactsvc.accounts.users import administrators, unique_emails
from contactsvc.accounts.users.filter import UserFilter
from contactsvc.accounts.users.model import Account, CurrentUser, Role, User
from contactsvc.platform.clock import now
from contactsvc.platform.database.keysets import BY_ID, Page, Position
from contactsvc.platform.database.transactions import after_commit, transaction
from contactsvc.platform.errors import EmailTaken, NotFound, Unauthenticated
from contactsvc.platform.text.search_keys import email_key, search_key

BeforeCommit = Callable[[int, int], Awaitable[object]]
"""Called with a user's id and new version before the transaction of the change commits."""

Discard = Callable[[str], object]
"""Called with the former content of ``users.avatar`` after the commit that replaces it."""

_CURRENT: Final = tuple(CurrentUser.__dataclass_fields__)
_ACCOUNT: Final = tuple(Account.__dataclass_fields__)


class UserRepository:
    """The accounts.

    Args:
        before_commit: Called inside the transaction of every change, so that no change can be
            written that leaves an old copy in the cache.
        belongings: Asked what a user has outside of accounts, before the user is deleted.
        discard: Deletes a picture that nobody has any more; None leaves it where it is.
    """

    def __init__(
        self, before_commit: BeforeCommit, belongings: Belongings, discard: Discard | None = None
    ) -> None:
        self.belongings = belongings
        self._before_commit = before_commit
        self._discard = discard

    async def create(self, email: str, password_hash: str, name: str) -> int:
        """Store a new account and return its id.

        Raises:
            EmailTaken: Another account has that e-mail, in whatever case.
        """
        user = User(
            email=email,
            email_key=email_key(email),
            name=name,
            name_key=search_key(name),
            password_hash=password_hash,
            created_at=now(),
        )
        async with transaction():
            return await unique_emails.insert(user)

    async def find_account(self, who: str | int) -> Account | None:
        """Return the account with that e-mail, in whatever case, or with that id."""
        key = {"email_key": email_key(who)} if isinstance(who, str) else {"id": who}
        row = await User.filter(**key).first().values_list(*_ACCOUNT)
        return Account(*row) if row else None

    async def current(self, user_id: int, session_id: int) -> CurrentUser | None:
        """Return the user if that session of theirs is alive, else None; it is one statement."""
        row = (
            await Session.filter(
                user_id=user_id, id=session_id, revoked_at=None, expires_at__gt=now()
            )
            .first()
            .values(**{column: f"user__{column}" for column in _CURRENT})
        )
        return CurrentUser(**row) if row else None

    async def find(self, email: str) -> int:
        """Return the id of the account with that e-mail.

        Raises:
            NotFound: There is none.
        """
        account = await self.find_account(email)
        if account is None:
            raise NotFound(f"There is no account {email}.")
        return account.id

    async def names(self, user_id: int) -> tuple[str, str]:
        """Return the user's name, which may be empty, and e-mail.

        Raises:
            NotFound: There is no such user.
        """
        if (account := await self.find_account(user_id)) is None:
            raise NotFound
        return account.name, account.email

    async def password_hash(self, user_id: int) -> str | None:
        """Return the stored hash, None where there is no such user any more."""
        row = await User.filter(id=user_id).first().values_list("password_hash")
        return str(row[0]) if row else None

    async def change_email(self, user_id: int, email: str) -> CurrentUser:
        """Give the user another e-mail, which has been confirmed.

        Raises:
            EmailTaken: Another account has it.
        """
        key = email_key(email)
        changes = {"email": email, "email_key": key, "confirmed": True}
        try:
            async with transaction():
                await unique_emails.claim(key, user_id)
                return await self._change(user_id, access=True, **changes)
        except IntegrityError as error:  # a process of an older version takes no lock
            raise EmailTaken from error

    async def delete(self, user_id: int) -> str:
        """Delete the user with contacts, sessions, tokens and avatar, and return their e-mail.

        Raises:
            NotFound: There is no such user.
            LastAdmin: The user is the last active administrator.
        """
        async with transaction():
            for (key,) in await User.filter(id=user_id).values_list("email_key"):
                await unique_emails.lock_email(str(key))
            user = await self._delete(id=user_id)
            await Registration.filter(email_key=user.email_key).delete()
            return user.email

    async def delete_unconfirmed(self, user_id: int) -> None:
        """Delete an account with its avatar, but no registration.

        Raises:
            NotFound: There is no such user, or they are confirmed or disabled.
            LastAdmin: The user is the last active administrator.
        """
        await self._delete(id=user_id, confirmed=False, is_active=True)

    async def edit(self, user_id: int, fields: Mapping[str, str | None]) -> CurrentUser:
        """Change what users may change of themselves.

        Args:
            user_id: The user who is changed.
            fields: ``name``, ``region`` (ISO 3166-1 alpha-2, or None), or both.
        """
        columns: dict[str, Any] = dict(fields)
        if (name := fields.get("name")) is not None:
            columns["name_key"] = search_key(name)
        return await self._change(user_id, **columns)

    async def set_avatar(self, user_id: int, avatar: str | None) -> CurrentUser:
        """Give the user another avatar, None for the default, and discard the one before.

        Raises:
            NotFound: There is no such user.
        """
        async with transaction():
            user = await _locked(id=user_id)
            self._discard_after_commit(user)
            return await self._write(user, avatar=avatar)

    async def set_access(
        self, user_id: int, *, role: Role | None = None, is_active: bool | None = None
    ) -> tuple[CurrentUser, CurrentUser]:
        """Change role and ``is_active`` together; access tokens made before are refused.

        None keeps the value. Where nothing differs, nothing is written.

        Returns:
            The user before and after.

        Raises:
            NotFound: There is no such user.
            LastAdmin: The user is the last active administrator.
        """
        wanted = {"role": role, "is_active": is_active}
        async with transaction():
            await administrators.lock()
            user = await _locked(id=user_id)
            before = _current(user)
            changes = {k: v for k, v in wanted.items() if v not in (None, getattr(user, k))}
            if not changes:
                return before, before
            user.update_from_dict(changes)
            if administrators.removes_administrator(before, user):
                await administrators.require_another(user_id)
            return before, await self._write(user, access=True, **changes)

    async def lock(self, user_id: int, auth_version: int) -> None:
        """Lock a user's row until the transaction ends, if their access has not changed.

        Args:
            user_id: The user, whose password has just been checked.
            auth_version: That of the user when the password was checked.

        Raises:
            Unauthenticated: It is another one by now, or the user is gone.
        """
        same = User.filter(id=user_id, auth_version=auth_version)
        if await same.select_for_update().get_or_none() is None:
            raise Unauthenticated

    async def set_password(self, user_id: int, password_hash: str) -> CurrentUser:
        """Store another password hash; access tokens made before are refused."""
        return await self._change(user_id, access=True, password_hash=password_hash)

    async def rehash(self, user_id: int, old_hash: str, new_hash: str) -> None:
        """Store a new hash of the same password, unless the old one is not kept any more."""
        await User.filter(id=user_id, password_hash=old_hash).update(password_hash=new_hash)

    async def confirm(self, user_id: int) -> CurrentUser:
        """Mark the e-mail as the user's own; access tokens made before are refused."""
        return await self._change(user_id, access=True, confirmed=True)

    async def get(self, user_id: int) -> CurrentUser:
        """Return a user as PostgreSQL knows them now.

        Raises:
            NotFound: There is no such user.
        """
        row = await User.filter(id=user_id).first().values(*_CURRENT)
        if row is None:
            raise NotFound
        return CurrentUser(**row)

    async def page(
        self, wanted: UserFilter, limit: int, after: Position = None
    ) -> Page[CurrentUser]:
        """Return up to ``limit`` users by id, ``after`` the ``next_position`` of a page before."""
        page = await BY_ID.page(User.filter(wanted.condition()), _CURRENT, limit, after)
        return page.map(lambda row: CurrentUser(**row))

    async def _delete(self, **which: Any) -> User:
        async with transaction():
            await administrators.lock()
            if not await User.filter(**which).exists():
                raise NotFound
            # Before the user: who adds a contact locks their book and then looks for them.
            await self.belongings.lock(which["id"])
            user = await _locked(**which)
            if user.is_active and user.role is Role.ADMIN:
                await administrators.require_another(user.id)
            self._discard_after_commit(user)
            await self._before_commit(user.id, user.version + 1)
            await User.filter(id=user.id).delete()
            return user

    async def _change(self, user_id: int, *, access: bool = False, **columns: Any) -> CurrentUser:
        """Write ``columns``, and call ``before_commit`` with the new version.

        Raises:
            NotFound: There is no such user.
        """
        async with transaction():
            return await self._write(await _locked(id=user_id), access=access, **columns)

    async def _write(self, user: User, *, access: bool = False, **columns: Any) -> CurrentUser:
        """Do what :meth:`_change` does to a user whose row is locked."""
        user.update_from_dict(columns)
        user.version += 1
        user.auth_version += access
        await user.save(update_fields=[*columns, "version", "auth_version"])
        await self._before_commit(user.id, user.version)
        return _current(user)

    def _discard_after_commit(self, user: User) -> None:
        if user.avatar is not None and self._discard is not None:
            after_commit(partial(self._discard, user.avatar))


async def _locked(**which: Any) -> User:
    """Lock a user's row and return it, so that the versions go up one by one.

    Raises:
        NotFound: There is no such user.
    """
    user = await User.filter(**which).select_for_update().get_or_none()
    if user is None:
        raise NotFound
    return user


def _current(user: User) -> CurrentUser:
    return CurrentUser(**{column: getattr(user, column) for column in _CURRENT})
