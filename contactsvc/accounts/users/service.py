"""Accounts: registered, changed and deleted by their owners."""

from contextlib import suppress

from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.feed_secrets import repository as feed_secrets
from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.users import unused as unused_accounts
from contactsvc.accounts.users.model import CurrentUser, Role
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import savepoint, transaction
from contactsvc.platform.errors import EmailTaken, InvalidCredentials, NotFound


class Accounts:
    """Makes, changes and deletes accounts.

    Args:
        users: The accounts in the database.
        sessions: The sessions in the database, which a change of the password ends.
        app_passwords: The app passwords in the database, which it ends, too.
        passwords: Hashes and verifies passwords.
        policy: Decides which new passwords are accepted.
        reveals_taken_email: Whether a stranger may learn that an e-mail has an account.
    """

    def __init__(
        self,
        users: UserRepository,
        sessions: SessionRepository,
        app_passwords: AppPasswordRepository,
        passwords: Passwords,
        policy: PasswordPolicy,
        *,
        reveals_taken_email: bool,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._app_passwords = app_passwords
        self._passwords = passwords
        self._policy = policy
        self._reveals_taken_email = reveals_taken_email

    async def register(self, email: str, password: str, name: str, caller: Caller) -> None:
        """Store a registration until it is confirmed, whether or not the e-mail has an account.

        A free and a taken e-mail take the same time and look the same (ASVS 5.0, 6.3.8): the
        password is hashed first, the statements are the same, and which mail it will be is decided
        when it is sent.

        Raises:
            ValidationFailed: The password is not good enough.
            EmailTaken: The e-mail has a confirmed account, and ``reveals_taken_email`` is set.
        """
        await self._policy.check(password, "/password", (email, name))
        password_hash = await self._passwords.hash(password)
        async with transaction():
            added = await registrations.add(email, password_hash, name)
            if added.is_taken and self._reveals_taken_email:
                raise EmailTaken
            event = Event.USER_CREATED if added.user_id else Event.USER_REGISTERED
            await record(event, caller, user_id=added.user_id)
            await outbox.put(MailKind.REGISTRATION, email, registration_id=added.id)

    async def create_confirmed(
        self, email: str, password: str, name: str, role: Role, caller: Caller
    ) -> int:
        """Create a confirmed account without a mail, as only commands may, and return its id.

        Raises:
            ValidationFailed: The password is not good enough.
            EmailTaken: The e-mail has an account that is confirmed or used.
        """
        await self._policy.check(password, "/password", (email, name))
        password_hash = await self._passwords.hash(password)
        async with transaction():
            await self._free_email(email)
            user_id = await self._users.create(email, password_hash, name)
            await self._users.confirm(user_id)
            await record(Event.USER_CREATED, caller, user_id=user_id)
            if role is not Role.USER:
                await self._users.set_access(user_id, role=role)
                await record(Event.PRIVILEGE_CHANGE, caller, user_id=user_id, role=role.value)
        return user_id

    async def _free_email(self, email: str) -> None:
        """Delete the registrations of an e-mail, and its account if unconfirmed and unused.

        An account that stays makes the creation of another one fail with EmailTaken.
        """
        await registrations.lock_email(email)
        account = await self._users.find_account(email)
        if account and not account.confirmed and not await self._is_used(account.id):
            with suppress(NotFound):
                async with savepoint():
                    await self._users.delete_unconfirmed(account.id)
        await registrations.forget(email)

    async def _is_used(self, user_id: int) -> bool:
        return await unused_accounts.is_used(user_id, self._users.belongings)

    async def change_password(
        self, user: CurrentUser, session_id: int, current: str, new: str, caller: Caller
    ) -> None:
        """Set a new password, and end all sessions but ``session_id``.

        All app passwords and the URL of the birthday calendar end, too.

        Raises:
            InvalidCredentials: ``current`` is wrong.
            Unauthenticated: The user's access has changed since the request was authenticated.
            ValidationFailed: ``new`` is not good enough.
        """
        await self._check_password(user, current, caller)
        await self._policy.check(new, "/new_password", (user.email, user.name))
        password_hash = await self._passwords.hash(new)
        async with transaction():
            await self._users.lock(user.id, user.auth_version)
            await self._users.set_password(user.id, password_hash)
            if not user.confirmed:
                await registrations.set_password(user.id, password_hash)
            await one_time_tokens.revoke(user.id, Purpose.RESET_PASSWORD, Purpose.CHANGE_EMAIL)
            await outbox.cancel(MailKind.RESET_PASSWORD, user.email)
            await self._sessions.end(user.id, except_id=session_id)
            await self._app_passwords.remove(user.id)
            await feed_secrets.remove(user.id)
            await record(Event.PASSWORD_CHANGE, caller, user_id=user.id, actor_id=user.id)
            await outbox.put(MailKind.PASSWORD_CHANGED, user.email, user_id=user.id)

    async def change_email(
        self, user: CurrentUser, email: str, password: str, caller: Caller
    ) -> None:
        """Mail a link to a new e-mail, which replaces the old one when the link is followed.

        Raises:
            InvalidCredentials: The password is wrong.
        """
        await self._check_password(user, password, caller)
        async with transaction():
            # With the version a later change of the password makes the request void.
            await outbox.put(
                MailKind.CHANGE_EMAIL, email, user_id=user.id, auth_version=user.auth_version
            )
            await outbox.put(MailKind.EMAIL_CHANGE_NOTICE, user.email, user_id=user.id)
            await record(
                Event.USER_UPDATED, caller, user_id=user.id, actor_id=user.id, asked="email"
            )

    async def delete(self, user: CurrentUser, password: str, caller: Caller) -> None:
        """Delete the account and all data of it, except for what has a retention time of its own.

        That is the audit log, which has the account's id, and mail in files; see
        :mod:`contactsvc.retention`.

        Raises:
            InvalidCredentials: The password is wrong.
            LastAdmin: The user is the last active administrator.
        """
        await self._check_password(user, password, caller)
        await self.remove(user.id, caller, actor_id=user.id)

    async def remove(self, user_id: int, caller: Caller, actor_id: int | None) -> None:
        """Delete an account as :meth:`delete` does, without its password.

        Args:
            user_id: The account.
            caller: The client, for the audit log.
            actor_id: The administrator who does it; None is a command.

        Raises:
            NotFound: There is no such user.
            LastAdmin: The user is the last active administrator.
        """
        async with transaction():
            email = await self._users.delete(user_id)
            await outbox.forget(user_id, email)
            await record(Event.USER_DELETED, caller, user_id=user_id, actor_id=actor_id)

    async def _check_password(self, user: CurrentUser, password: str, caller: Caller) -> None:
        """Check the password of the signed-in user (ASVS 5.0, 7.5.1); a wrong one is recorded.

        Raises:
            InvalidCredentials: It is wrong.
        """
        if not await self._passwords.verify(password, await self._users.password_hash(user.id)):
            await record(Event.PASSWORD_CHANGE_FAIL, caller, user_id=user.id, actor_id=user.id)
            raise InvalidCredentials("The password is wrong.")
