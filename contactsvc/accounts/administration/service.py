"""What administrators do to accounts and mail; changes of accounts are in the audit log."""

from functools import partial

from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.feed_secrets import repository as feed_secrets
from contactsvc.accounts.feed_secrets.model import BIRTHDAY_FEED
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.registration.repository import PendingRegistration
from contactsvc.accounts.registration.service import ConfirmationSuperseded, complete_registration
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.users.model import CurrentUser, Role
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Conflict, NotFound


class Administration:
    """Changes other people's accounts. Nobody can see or set another's password.

    Args:
        users: The accounts in the database.
        sessions: The sessions in the database.
        app_passwords: The app passwords in the database.
    """

    def __init__(
        self,
        users: UserRepository,
        sessions: SessionRepository,
        app_passwords: AppPasswordRepository,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._app_passwords = app_passwords

    async def update(
        self,
        user_id: int,
        role: Role | None,
        is_active: bool | None,
        caller: Caller,
        actor_id: int | None,
    ) -> CurrentUser:
        """Change role and ``is_active`` in one transaction; None keeps the value.

        The change counts from the user's next request on. Disabling ends their sessions,
        app passwords, and the URL of their birthday calendar.

        Raises:
            NotFound: There is no such user.
            LastAdmin: The user is the last active administrator.
        """
        note = partial(record, caller=caller, user_id=user_id, actor_id=actor_id)
        async with transaction():
            before, user = await self._users.set_access(user_id, role=role, is_active=is_active)
            if user.role is not before.role:
                await note(Event.PRIVILEGE_CHANGE, role=user.role.value)
            if user.is_active is not before.is_active:
                if not user.is_active:
                    await self._sessions.end(user_id)
                    await self._app_passwords.remove(user_id)
                    await feed_secrets.remove(user_id)
                await note(Event.USER_UPDATED, is_active=user.is_active)
        return user

    async def confirm(self, email: str, caller: Caller, registration_id: int | None = None) -> None:
        """Confirm an account without a mail.

        Args:
            email: The e-mail of the account, or of a registration.
            caller: The client, for the audit log.
            registration_id: The registration to confirm; None where the e-mail has only one.

        Raises:
            NotFound: There is no such account or registration.
            Conflict: There are several registrations, or the account that the only one would
                replace is disabled.
        """
        account = await self._users.find_account(email)
        waiting = _chosen(await registrations.of_email(email), email, registration_id)
        async with transaction():
            await registrations.lock_email(email)
            if account and (account.confirmed or not waiting or waiting.user_id == account.id):
                await self._users.confirm(account.id)
                await registrations.forget(email)
                await record(Event.USER_CONFIRMED, caller, user_id=account.id)
            elif waiting is None:
                raise NotFound(f"There is no account {email}.")
            else:
                await _complete(self._users, waiting, caller)

    async def end_sessions(self, user_id: int, caller: Caller, actor_id: int | None = None) -> None:
        """End all sessions and app passwords of a user, and the URL of the birthday calendar.

        Raises:
            NotFound: There is no such user.
        """
        await self._users.get(user_id)
        note = partial(record, Event.TOKEN_REVOKED, caller, user_id=user_id, actor_id=actor_id)
        async with transaction():
            await note(session_ids=await self._sessions.end(user_id))
            if revoked := await self._app_passwords.remove(user_id):
                await note(app_password_ids=revoked)
            if await feed_secrets.remove(user_id):
                await note(purpose=BIRTHDAY_FEED)

    async def start_reset(self, user_id: int, caller: Caller, actor_id: int) -> None:
        """Queue a mail with a link by which the user sets a new password.

        Raises:
            NotFound: There is no such user.
        """
        user = await self._users.get(user_id)
        async with transaction():
            await outbox.put(MailKind.RESET_PASSWORD, user.email, user_id=user.id)
            await record(
                Event.USER_UPDATED, caller, user_id=user_id, actor_id=actor_id, asked="reset"
            )

    async def retry_mail(self, mail_id: int) -> None:
        """Queue a mail again that was given up.

        Raises:
            NotFound: There is no such mail.
            Conflict: It was not given up.
        """
        await outbox.requeue(mail_id)


def _chosen(
    waiting: list[PendingRegistration], email: str, registration_id: int | None
) -> PendingRegistration | None:
    """Return the registration to confirm, None where there is none.

    Raises:
        NotFound: There is no registration ``registration_id``.
        Conflict: No id was given, and there are several.
    """
    if registration_id is not None:
        waiting = [each for each in waiting if each.id == registration_id]
        if not waiting:
            raise NotFound(f"No registration {registration_id} of {email} waits.")
    if len(waiting) > 1:
        known = ", ".join(f"{each.id} ({each.created_at:%Y-%m-%d %H:%M} UTC)" for each in waiting)
        raise Conflict(f"{email} was registered several times; choose one: {known}.")
    return waiting[0] if waiting else None


async def _complete(users: UserRepository, waiting: PendingRegistration, caller: Caller) -> None:
    try:
        await complete_registration(users, waiting, caller)
    except ConfirmationSuperseded as error:
        raise Conflict("Its account is disabled, or has just been confirmed.") from error
