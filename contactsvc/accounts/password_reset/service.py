"""Reset of a forgotten password by a mailed link."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from contactsvc.accounts.app_passwords.repository import AppPasswordRepository
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.feed_secrets import repository as feed_secrets
from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.one_time_tokens.repository import FoundToken
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.sessions.repository import SessionRepository
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import InvalidToken
from contactsvc.platform.text.search_keys import email_key


class PasswordReset:
    """Sends reset links and sets the new passwords.

    Args:
        users: The accounts in the database.
        sessions: The sessions in the database, which a reset ends.
        app_passwords: The app passwords in the database, which it ends, too.
        passwords: Hashes the new password.
        policy: Decides which new passwords are accepted.
        clear_attempts: Called with an e-mail in its normal form after a reset, to clear the count
            of its failed sign-ins.
    """

    def __init__(
        self,
        users: UserRepository,
        sessions: SessionRepository,
        app_passwords: AppPasswordRepository,
        passwords: Passwords,
        policy: PasswordPolicy,
        clear_attempts: Callable[[str], Awaitable[None]],
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._app_passwords = app_passwords
        self._passwords = passwords
        self._policy = policy
        self._clear_attempts = clear_attempts

    async def request(self, email: str) -> None:
        """Queue a mail with a link, without telling whether the e-mail has an account."""
        async with transaction():
            await registrations.extend_retention(email)
            await outbox.put(MailKind.RESET_PASSWORD, email)

    async def check(self, token: str) -> datetime:
        """Return the time at which a token expires, without using it.

        Raises:
            InvalidToken: It is unknown, used, revoked or expired.
        """
        found, _ = await self._find(token)
        return found.expires_at

    async def reset(self, token: str, password: str, caller: Caller) -> None:
        """Set a new password, end every session and app password, and do not sign in.

        The URL of the birthday calendar ends, too.
        The link confirms the e-mail, too, as it was mailed there.

        Raises:
            InvalidToken: The token is unknown, used, revoked or expired.
            ValidationFailed: The policy refuses the password; the token stays valid.
        """
        found, personal = await self._find(token)
        await self._policy.check(password, "/password", personal)
        password_hash = await self._passwords.hash(password)
        async with transaction():
            await registrations.lock_email(found.email)
            if not await one_time_tokens.redeem(found.user_id, token, Purpose.RESET_PASSWORD):
                raise InvalidToken  # it was used while the password was hashed
            user = await self._users.set_password(found.user_id, password_hash)
            if not user.confirmed:
                await self._confirm(user, caller)
            # An intruder may have asked to change the e-mail to an address of their own.
            await one_time_tokens.revoke(found.user_id, Purpose.CHANGE_EMAIL)
            await outbox.cancel(MailKind.RESET_PASSWORD, found.email)
            await self._sessions.end(found.user_id)
            await self._app_passwords.remove(found.user_id)
            await feed_secrets.remove(found.user_id)
            await record(Event.PASSWORD_CHANGE, caller, user_id=found.user_id, by="reset")
            await outbox.put(MailKind.PASSWORD_CHANGED, found.email, user_id=found.user_id)
        await self._clear_attempts(email_key(found.email))

    async def _confirm(self, user: CurrentUser, caller: Caller) -> None:
        """Confirm the e-mail of an account, as the link was mailed there.

        The account may have been registered by a stranger. Its name is kept unless there are other
        registrations of the e-mail: then it is unknown which name is the owner's.
        """
        waiting = await registrations.of_email(user.email)
        if any(each.user_id != user.id for each in waiting):
            await self._users.edit(user.id, {"name": ""})
        await self._users.confirm(user.id)
        await registrations.forget(user.email)
        purpose = Purpose.RESET_PASSWORD.value
        await record(Event.USER_CONFIRMED, caller, user_id=user.id, purpose=purpose)

    async def _find(self, token: str) -> tuple[FoundToken, tuple[str, str]]:
        """Return a valid token, with the name and e-mail of its account."""
        found = await one_time_tokens.find(token, Purpose.RESET_PASSWORD)
        name, email = await self._users.names(found.user_id)
        # The e-mail may have been changed while the mail to the old one was being written.
        if found.used or email != found.email:
            raise InvalidToken
        return found, (name, email)
