"""Decides what a mail says, at the moment it is sent.

A request queues mail to an address that somebody typed. Whether the address has an account is
looked up here and not in the request, so that all requests are answered alike and in the same time
(ASVS 5.0, 6.3.8).
"""

from collections.abc import Awaitable, Callable, Mapping
from email.message import EmailMessage
from types import MappingProxyType
from typing import Final

from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.users.model import Account
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.mail.model import MailKind
from contactsvc.mail.renderer import MailRenderer, duration
from contactsvc.mail.repository import ClaimedMail
from contactsvc.platform.database.transactions import transaction

CONFIRM_PATH: Final = "auth/confirmed_email"
"""The path below ``/api`` that redeems a confirmation."""

RESET_PATH: Final = "auth/confirm_update_password"
"""The path below ``/api`` that redeems a password reset."""

Compose = Callable[[ClaimedMail], Awaitable[EmailMessage | None]]
"""Returns the mail to send, or None where none is due any more."""

NOTICES: Final = (
    MailKind.PASSWORD_CHANGED,
    MailKind.EMAIL_CHANGE_NOTICE,
    MailKind.APP_PASSWORD_CREATED,
)
"""Mails that only tell something; their templates are named like the kind."""


class MailComposer:
    """Composes each kind of mail.

    Args:
        users: The accounts, looked up by address or id.
        renderer: Renders the templates.
        confirmation_ttl: Seconds that a link to confirm an e-mail is valid.
        reset_ttl: Seconds that a link to reset a password is valid.
        others: What composes the kinds of mail that are not about accounts.
    """

    def __init__(
        self,
        users: UserRepository,
        renderer: MailRenderer,
        confirmation_ttl: int,
        reset_ttl: int,
        others: Mapping[MailKind, Compose] = MappingProxyType({}),
    ) -> None:
        self._users = users
        self._renderer = renderer
        self._confirmation_ttl = confirmation_ttl
        self._reset_ttl = reset_ttl
        self._by_kind: Mapping[MailKind, Compose] = {
            MailKind.REGISTRATION: self._registration,
            MailKind.CONFIRM_EMAIL: self._confirm_email,
            MailKind.RESET_PASSWORD: self._reset_password,
            MailKind.CHANGE_EMAIL: self._change_email,
            **dict.fromkeys(NOTICES, self._notice),
            **others,
        }

    async def compose(self, mail: ClaimedMail) -> EmailMessage | None:
        """Return the mail to send, or None where none is due any more.

        Raises:
            PermanentFailure: The recipient is not an address.
        """
        return await self._by_kind[mail.kind](mail)

    async def _registration(self, mail: ClaimedMail) -> EmailMessage | None:
        account = await self._users.find_account(mail.recipient)
        if account is not None and account.confirmed:
            return self._already_registered(mail, account)
        registration_id = mail.params.get("registration_id")
        if registration_id is None:  # queued by an earlier release, which stored no id
            return await self._confirmation(mail, account)
        if account is not None and not account.is_active:
            return None
        return await self._confirm_registration(mail, registration_id, mail.recipient)

    async def _confirm_email(self, mail: ClaimedMail) -> EmailMessage | None:
        account = await self._users.find_account(mail.recipient)
        waiting = await registrations.newest(mail.recipient)
        if waiting is None or (account and (account.confirmed or not account.is_active)):
            return await self._confirmation(mail, account)
        return await self._confirm_registration(mail, waiting.id, waiting.email)

    async def _confirm_registration(
        self, mail: ClaimedMail, registration_id: int, to: str
    ) -> EmailMessage | None:
        """Issue the link of one registration; those of others of the e-mail stay valid."""
        token = await registrations.issue(registration_id, self._confirmation_ttl)
        if token is None:  # the e-mail was confirmed at this very moment
            account = await self._users.find_account(mail.recipient)
            return self._already_registered(mail, account) if account else None
        return self._renderer.render(
            "confirm_email",
            to,
            message_id(mail),
            link=self._renderer.link(CONFIRM_PATH, token),
            valid_for=duration(self._confirmation_ttl),
        )

    async def _confirmation(
        self, mail: ClaimedMail, account: Account | None
    ) -> EmailMessage | None:
        """Return the mail to an unconfirmed account for which no registration waits."""
        if account is None or account.confirmed or not account.is_active:
            return None
        return await self._with_link(
            mail,
            "confirm_email",
            account,
            account.email,
            Purpose.CONFIRM_EMAIL,
            CONFIRM_PATH,
            self._confirmation_ttl,
        )

    def _already_registered(self, mail: ClaimedMail, account: Account) -> EmailMessage:
        name = _confirmed_name(account)
        return self._renderer.render(
            "already_registered", account.email, message_id(mail), name=name
        )

    async def _reset_password(self, mail: ClaimedMail) -> EmailMessage | None:
        account = await self._users.find_account(mail.recipient)
        if account is None or not account.is_active:
            return None
        return await self._with_link(
            mail,
            "reset_password",
            account,
            account.email,
            Purpose.RESET_PASSWORD,
            RESET_PATH,
            self._reset_ttl,
        )

    async def _change_email(self, mail: ClaimedMail) -> EmailMessage | None:
        account = await self._users.find_account(mail.params["user_id"])
        if account is None or not account.is_active or account.email == mail.recipient:
            return None  # deleted, disabled, or changed already
        if mail.params.get("auth_version", account.auth_version) != account.auth_version:
            return None  # a password change, for example, has made the request void
        holder = await self._users.find_account(mail.recipient)
        # Nobody owns an unconfirmed account yet: whoever confirms first gets the e-mail.
        if holder is not None and holder.id != account.id and holder.confirmed:
            return self._already_registered(mail, holder)
        return await self._with_link(
            mail,
            "change_email",
            account,
            mail.recipient,
            Purpose.CHANGE_EMAIL,
            CONFIRM_PATH,
            self._confirmation_ttl,
            auth_version=account.auth_version,
        )

    async def _notice(self, mail: ClaimedMail) -> EmailMessage:
        account = await self._users.find_account(mail.recipient)
        name = _confirmed_name(account) if account else ""
        return self._renderer.render(mail.kind, mail.recipient, message_id(mail), name=name)

    async def _with_link(
        self,
        mail: ClaimedMail,
        template: str,
        account: Account,
        to: str,
        purpose: Purpose,
        path: str,
        ttl: int,
        auth_version: int | None = None,
    ) -> EmailMessage | None:
        """Issue a token and return the mail with its link, the only place where the token is."""
        async with transaction():
            token = await one_time_tokens.issue(account.id, purpose, to, ttl, auth_version)
        if token is None:
            return None  # the account has just been deleted, or its access has changed
        # The name goes to the account's confirmed address only: a stranger must not be able to have
        # words of their own mailed to others.
        name = _confirmed_name(account) if to == account.email else ""
        link = self._renderer.link(path, token)
        return self._renderer.render(
            template, to, message_id(mail), name=name, link=link, valid_for=duration(ttl)
        )


def _confirmed_name(account: Account) -> str:
    return account.name if account.confirmed else ""


def message_id(mail: ClaimedMail) -> str:
    """Return the part of a mail's Message-ID before the ``@``."""
    # With the time, as ids begin again at 1 in a new database.
    return f"outbox-{mail.id}-{mail.created_at:%Y%m%d%H%M%S%f}"
