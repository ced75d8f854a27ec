"""What becomes of an app password before and after programs sign in with it."""

from datetime import datetime
from typing import Final

from contactsvc.accounts.app_passwords.model import AppPasswordScope
from contactsvc.accounts.app_passwords.repository import AppPasswordRepository, AppPasswordRow
from contactsvc.accounts.app_passwords.secret import digest_of, new_password
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Conflict, NotFound, ValidationFailed

MAX_APP_PASSWORDS: Final = 50
"""App passwords that a user may have at a time."""


class AppPasswords:
    """Makes, lists and revokes app passwords.

    Args:
        users: The accounts in the database.
        app_passwords: The app passwords in the database.
    """

    def __init__(self, users: UserRepository, app_passwords: AppPasswordRepository) -> None:
        self._users = users
        self._app_passwords = app_passwords

    async def create(
        self,
        user: CurrentUser,
        name: str,
        scope: AppPasswordScope,
        expires_at: datetime | None,
        caller: Caller,
        actor_id: int | None,
    ) -> tuple[str, AppPasswordRow]:
        """Make an app password and mail its user a notice.

        Args:
            user: Whose it is, as they were read last.
            name: What the user calls it, 1 to 100 characters.
            scope: What may be done with it.
            expires_at: Time at which it ends; None is never.
            caller: The client, for the audit log.
            actor_id: Who makes it; None is a command.

        Returns:
            The password, which is kept nowhere, and its row.

        Raises:
            ValidationFailed: It would end at once.
            Conflict: The user has MAX_APP_PASSWORDS.
            Unauthenticated: The user's access has changed since they were read.
        """
        if expires_at is not None and expires_at <= now():
            raise ValidationFailed.of("/expires_at", "Not in the future.")
        password = new_password(user.id)
        async with transaction():
            # So that two at once are not one too many, and none outlives a change of the password.
            await self._users.lock(user.id, user.auth_version)
            if await self._app_passwords.count(user.id) >= MAX_APP_PASSWORDS:
                raise Conflict(f"You have {MAX_APP_PASSWORDS} app passwords; revoke one first.")
            row = await self._app_passwords.add(
                user.id, name, scope, digest_of(password), expires_at
            )
            await record(
                Event.TOKEN_CREATED,
                caller,
                user_id=user.id,
                actor_id=actor_id,
                app_password_id=row["id"],
                scope=scope.value,
            )
            await outbox.put(MailKind.APP_PASSWORD_CREATED, user.email, user_id=user.id)
        return password, row

    async def all(self, user_id: int) -> list[AppPasswordRow]:
        """Return a user's app passwords that have not expired, the newest first."""
        return await self._app_passwords.all(user_id)

    async def revoke(
        self, user_id: int, password_id: int, caller: Caller, actor_id: int | None
    ) -> None:
        """End one app password of the user's, from the next request on.

        Raises:
            NotFound: The user has no such app password.
        """
        async with transaction():
            if not await self._app_passwords.remove(user_id, only_id=password_id):
                raise NotFound
            await record(
                Event.TOKEN_REVOKED,
                caller,
                user_id=user_id,
                actor_id=actor_id,
                app_password_ids=[password_id],
            )
