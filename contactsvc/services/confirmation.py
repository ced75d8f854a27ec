"""Proof that an e-mail is one's own: of a new account, or of an account that changes it."""

from collections.abc import Callable

from contactsvc.errors import InvalidToken
from contactsvc.models import Event, MailKind, Purpose
from contactsvc.repositories import one_time_tokens, outbox
from contactsvc.repositories.audit import Caller, record
from contactsvc.repositories.one_time_tokens import Redeemable
from contactsvc.repositories.transactions import transaction
from contactsvc.repositories.users import UserRepository


class Confirmation:
    """Sends and takes confirmations.

    Args:
        users: Whose e-mails.
        mail_is_due: Called when mail has been asked for.
    """

    def __init__(self, users: UserRepository, mail_is_due: Callable[[], None]) -> None:
        self._users = users
        self._mail_is_due = mail_is_due

    async def request(self, email: str) -> None:
        """Send the confirmation again, where one is due; nobody is told whether it is."""
        await outbox.put(MailKind.CONFIRM_EMAIL, email)
        self._mail_is_due()

    async def check(self, token: str) -> None:
        """See whether a token is good, without using it.

        Raises:
            InvalidToken: It is not.
        """
        await _find(token)

    async def confirm(self, token: str, caller: Caller) -> None:
        """Redeem a token; doing it again changes nothing and is no error.

        Raises:
            InvalidToken: It is unknown, revoked or expired.
            EmailTaken: Another account has taken the new e-mail meanwhile.
        """
        purpose, found = await _find(token)
        async with transaction():
            if not await one_time_tokens.redeem(found.user_id, token, purpose):
                await _find(token)  # not where it was revoked at this very moment
                return
            if purpose is Purpose.CHANGE_EMAIL:
                before = await self._users.get(found.user_id)
                await self._users.change_email(found.user_id, found.email)
                await outbox.assign(before.email, found.user_id)
                # A reset that went to the old address must not open the account any more.
                await one_time_tokens.revoke(found.user_id, Purpose.RESET_PASSWORD)
            else:
                await self._users.confirm(found.user_id)
            await record(Event.USER_CONFIRMED, caller, user_id=found.user_id, purpose=purpose.value)


async def _find(token: str) -> tuple[Purpose, Redeemable]:
    """Return the token under the one of the two purposes that share the link."""
    for purpose in (Purpose.CONFIRM_EMAIL, Purpose.CHANGE_EMAIL):
        try:
            return purpose, await one_time_tokens.find(token, purpose)
        except InvalidToken:
            continue
    raise InvalidToken
