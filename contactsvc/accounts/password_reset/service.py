"""A new password for those who have forgotten theirs."""

from collections.abc import Awaitable, Callable
from datetime import datetime

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.one_time_tokens.repository import Redeemable
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
    """Sends reset links and takes new passwords for them.

    Args:
        users: Whose passwords.
        sessions: Their sign-ins, which a reset ends.
        passwords: Hashes passwords.
        policy: Judges new passwords.
        forget_tries: Called with the e-mail, in its normal form, whose sign-ins that failed count
            no more: its owner has come back, whoever was guessing.
    """

    def __init__(
        self,
        users: UserRepository,
        sessions: SessionRepository,
        passwords: Passwords,
        policy: PasswordPolicy,
        forget_tries: Callable[[str], Awaitable[None]],
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._passwords = passwords
        self._policy = policy
        self._forget_tries = forget_tries

    async def request(self, email: str) -> None:
        """Send a reset link, if the e-mail has an account; nobody is told whether it has."""
        async with transaction():
            await registrations.prolong(email)
            await outbox.put(MailKind.RESET_PASSWORD, email)

    async def check(self, token: str) -> datetime:
        """Return until when a token works, without using it.

        Raises:
            InvalidToken: It does not work.
        """
        found, _ = await self._find(token)
        return found.expires_at

    async def reset(self, token: str, password: str, caller: Caller) -> None:
        """Set a new password and end every session; it signs nobody in.

        An e-mail that was not confirmed is confirmed by it.

        Raises:
            InvalidToken: The token does not work.
            ValidationFailed: The password is not good enough; the token still works.
        """
        found, personal = await self._find(token)
        await self._policy.check(password, "/password", personal)
        password_hash = await self._passwords.hash(password)
        async with transaction():
            await registrations.lock_email(found.email)
            if not await one_time_tokens.redeem(found.user_id, token, Purpose.RESET_PASSWORD):
                raise InvalidToken  # somebody was faster while the password was hashed
            user = await self._users.set_password(found.user_id, password_hash)
            if not user.confirmed:
                await self._confirm(user, caller)
            # Whoever got into the account may have asked to move it to an address of their own.
            await one_time_tokens.revoke(found.user_id, Purpose.CHANGE_EMAIL)
            await outbox.cancel(MailKind.RESET_PASSWORD, found.email)
            await self._sessions.end(found.user_id)
            await record(Event.PASSWORD_CHANGE, caller, user_id=found.user_id, by="reset")
            await outbox.put(MailKind.PASSWORD_CHANGED, found.email, user_id=found.user_id)
        await self._forget_tries(email_key(found.email))

    async def _confirm(self, user: CurrentUser, caller: Caller) -> None:
        """Confirm an e-mail whose owner has just proved it, by the link that was sent there.

        The account may have been made by a stranger. It keeps the name that it was given unless
        others have registered the e-mail as well: then nobody knows whose name it is.
        """
        waiting = await registrations.of_email(user.email)
        if any(each.user_id != user.id for each in waiting):
            await self._users.edit(user.id, {"name": ""})
        await self._users.confirm(user.id)
        await registrations.forget(user.email)
        purpose = Purpose.RESET_PASSWORD.value
        await record(Event.USER_CONFIRMED, caller, user_id=user.id, purpose=purpose)

    async def _find(self, token: str) -> tuple[Redeemable, tuple[str, str]]:
        """Return a token that works, and the name and e-mail of whose it is."""
        found = await one_time_tokens.find(token, Purpose.RESET_PASSWORD)
        name, email = await self._users.names(found.user_id)
        # The e-mail may have been changed while the mail to the old one was being written.
        if found.used or email != found.email:
            raise InvalidToken
        return found, (name, email)
