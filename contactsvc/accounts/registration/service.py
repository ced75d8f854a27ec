"""Confirmation of an e-mail: that of a registration, or the new one of an account."""

from contextlib import suppress
from dataclasses import dataclass

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.one_time_tokens.repository import FoundToken
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.registration.repository import PendingRegistration
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import (
    EmailTaken,
    InvalidCredentials,
    InvalidToken,
    NotFound,
    ValidationFailed,
)

Link = PendingRegistration | tuple[Purpose, FoundToken]
"""What a link confirms: a registration, or the request of an account by its purpose."""


@dataclass(frozen=True)
class LinkState:
    """What a link would confirm.

    Args:
        registered_email: The e-mail of the registration; None for the link of an account.
        is_used: Whether the link has been used already.
    """

    registered_email: str | None
    is_used: bool


class ConfirmationSuperseded(Exception):
    """Another request was faster: the link has been used, or the e-mail has another owner now."""


class Confirmation:
    """Sends links of confirmation and redeems them.

    Args:
        users: The accounts in the database.
        passwords: Verifies the password that a person types with a link.
    """

    def __init__(self, users: UserRepository, passwords: Passwords) -> None:
        self._users = users
        self._passwords = passwords

    async def request(self, email: str) -> None:
        """Queue another mail with a link, without telling whether the e-mail needs one."""
        async with transaction():
            await registrations.extend_retention(email)
            await outbox.put(MailKind.CONFIRM_EMAIL, email)

    async def check(self, token: str) -> LinkState:
        """Return what a token would confirm, without using it.

        Raises:
            InvalidToken: It is unknown, revoked or expired.
        """
        link = await _find(token)
        return LinkState(
            link.email if isinstance(link, PendingRegistration) else None, is_used=_is_used(link)
        )

    async def check_password(self, token: str, password: str | None, caller: Caller) -> None:
        """Check the password of whoever follows a link.

        For a registration it is the password that was chosen with it, so that nobody confirms the
        registration of a stranger; for an account that changes its e-mail it is the account's. A
        used link needs none, as it changes nothing.

        Raises:
            InvalidToken: The token is unknown, revoked or expired.
            InvalidCredentials: The password is wrong.
            ValidationFailed: The password is missing.
        """
        link = await _find(token)
        if _is_used(link):
            return
        if password is None:
            raise ValidationFailed.of("/password", "Missing data for required field.")
        user_id = link.user_id if isinstance(link, PendingRegistration) else link[1].user_id
        if not await self._passwords.verify(password, await self._hash_of(link)):
            await record(Event.LOGIN_FAIL, caller, user_id=user_id, reason=InvalidCredentials.code)
            raise InvalidCredentials("This is not the password that was chosen with this e-mail.")

    async def _hash_of(self, link: Link) -> str | None:
        if isinstance(link, PendingRegistration):
            return link.password_hash
        return await self._users.password_hash(link[1].user_id)

    async def confirm(self, token: str, caller: Caller) -> None:
        """Redeem a token; doing so again changes nothing and raises nothing.

        Raises:
            InvalidToken: It is unknown, revoked or expired, or somebody else has confirmed the
                e-mail.
            EmailTaken: Another account has taken the new e-mail meanwhile.
        """
        link = await _find(token)
        if _is_used(link):
            return
        try:
            async with transaction():
                if isinstance(link, PendingRegistration):
                    await complete_registration(self._users, link, caller)
                else:
                    await self._redeem(token, *link, caller)
        except ConfirmationSuperseded:
            if _is_used(await _find(token)):
                return
            raise InvalidToken from None

    async def _redeem(
        self, token: str, purpose: Purpose, found: FoundToken, caller: Caller
    ) -> None:
        """Redeem the link of an account; an unconfirmed one with the new e-mail is deleted."""
        account = await self._users.find_account(found.user_id)
        if account is None:
            raise ConfirmationSuperseded
        for email in sorted({account.email, found.email}):
            await registrations.lock_email(email)
        if purpose is Purpose.CHANGE_EMAIL:
            await self._free_email(found, caller)
        if not await one_time_tokens.redeem(found.user_id, token, purpose):
            raise ConfirmationSuperseded
        if purpose is Purpose.CHANGE_EMAIL:
            await self._change_email(found, account.email)
        else:
            await self._users.confirm(found.user_id)
            await registrations.forget(found.email)
        await record(Event.USER_CONFIRMED, caller, user_id=found.user_id, purpose=purpose.value)

    async def _free_email(self, found: FoundToken, caller: Caller) -> None:
        """Delete the account that has the new e-mail, if it is unconfirmed."""
        holder = await self._users.find_account(found.email)
        if holder is None or holder.id == found.user_id or holder.confirmed:
            return  # if it is confirmed, change_email raises EmailTaken
        await _delete_unconfirmed(self._users, holder.id, caller, EmailTaken())

    async def _change_email(self, found: FoundToken, before: str) -> None:
        await self._users.change_email(found.user_id, found.email)
        await outbox.assign(before, found.user_id)
        # The link of a reset that was mailed to the old address must not open the account.
        await one_time_tokens.revoke(found.user_id, Purpose.RESET_PASSWORD)
        for email in (before, found.email):
            await registrations.forget(email)


async def complete_registration(
    users: UserRepository, waiting: PendingRegistration, caller: Caller
) -> None:
    """Confirm a registration: it gets the account, and all others of the e-mail are removed.

    Call it in a transaction. An account that another registration has created is deleted with all
    its data, so that nothing of a stranger's remains: no session, no contact, no link.

    Raises:
        ConfirmationSuperseded: The registration has been confirmed or removed, or the e-mail has
            an account that is confirmed or disabled.
        EmailTaken: A process of an older version has just created an account.
    """
    await registrations.lock_email(waiting.email)
    if await registrations.get(waiting.id) is None:
        raise ConfirmationSuperseded
    holder = await users.find_account(waiting.email)
    if holder is not None and (holder.confirmed or not holder.is_active):
        raise ConfirmationSuperseded
    if holder is not None and holder.id == waiting.user_id:
        user_id = holder.id
    else:
        if holder is not None:
            await _delete_unconfirmed(users, holder.id, caller, ConfirmationSuperseded())
        user_id = await users.create(waiting.email, waiting.password_hash, waiting.name)
        await record(Event.USER_CREATED, caller, user_id=user_id)
    await users.confirm(user_id)
    await registrations.forget(waiting.email)
    if waiting.digest and waiting.link_expires_at:
        await one_time_tokens.add_used(
            user_id, waiting.digest, waiting.email, waiting.link_expires_at
        )
    purpose = Purpose.CONFIRM_EMAIL.value
    await record(Event.USER_CONFIRMED, caller, user_id=user_id, purpose=purpose)


async def _delete_unconfirmed(
    users: UserRepository, user_id: int, caller: Caller, otherwise: Exception
) -> None:
    """Delete an unconfirmed account for somebody who has confirmed its e-mail.

    Raises:
        otherwise: The account has been confirmed or disabled meanwhile.
    """
    try:
        await users.delete_unconfirmed(user_id)
    except NotFound:
        raise otherwise from None
    await outbox.forget_user(user_id)
    await record(Event.USER_DELETED, caller, user_id=user_id, reason="unconfirmed")


def _is_used(link: Link) -> bool:
    return not isinstance(link, PendingRegistration) and link[1].used


async def _find(token: str) -> Link:
    """Return what a token confirms: a registration, or one of the two purposes of an account."""
    with suppress(InvalidToken):
        return await registrations.find(token)
    for purpose in (Purpose.CONFIRM_EMAIL, Purpose.CHANGE_EMAIL):
        with suppress(InvalidToken):
            return purpose, await one_time_tokens.find(token, purpose)
    raise InvalidToken
