"""Registrations that have not been confirmed, each with a link of its own."""

import secrets
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from tortoise.connection import get_connection

from contactsvc.accounts.one_time_tokens.repository import TOKEN_BYTES, digest_of
from contactsvc.accounts.registration.model import Registration
from contactsvc.accounts.users import unique_emails
from contactsvc.accounts.users.model import Credentials, User
from contactsvc.platform.clock import now
from contactsvc.platform.database.batches import delete_some
from contactsvc.platform.database.compiled import CompiledQuery
from contactsvc.platform.database.statements import current_client
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import EmailTaken, InvalidToken
from contactsvc.platform.text.search_keys import email_key, search_key

MAX_REGISTRATIONS: Final = 20
"""Registrations that one e-mail may have; one more removes the oldest."""

_TRIM: Final = """
DELETE FROM registrations WHERE email_key = $1 AND id <= (
    SELECT id FROM registrations WHERE email_key = $1 ORDER BY id DESC OFFSET $2 LIMIT 1
)
"""


_SIGN_IN: Final = """
SELECT u.id, u.password_hash, u.confirmed, u.is_active, u.auth_version, (
    SELECT password_hash FROM registrations WHERE email_key = $1 ORDER BY id DESC LIMIT 1
) AS waiting
FROM (SELECT 1) AS one LEFT JOIN users u ON u.email_key = $1
"""


@dataclass(frozen=True)
class PendingRegistration:
    """A registration that nobody has confirmed.

    Args:
        id: Primary key of the row.
        email: The e-mail as it was typed.
        name: The name for the account; it may be empty.
        password_hash: Hash of the password that was chosen with it.
        user_id: The unconfirmed account that it created; None where the e-mail had one already.
        digest: SHA-256 of its link's token in hex; None where no link was mailed.
        link_expires_at: Time at which the link expires; None where no link was mailed.
        created_at: Time of the registration.
    """

    id: int
    email: str
    name: str
    password_hash: str
    user_id: int | None
    digest: str | None
    link_expires_at: datetime | None
    created_at: datetime


@dataclass(frozen=True)
class Added:
    """A registration that has just been stored.

    Args:
        id: Primary key of the row.
        user_id: The unconfirmed account that it created; None where the e-mail had one already.
        is_taken: Whether the e-mail has a confirmed account.
    """

    id: int
    user_id: int | None
    is_taken: bool


_COLUMNS: Final = tuple(PendingRegistration.__dataclass_fields__)
_NEWEST: Final = CompiledQuery(
    lambda key: Registration.filter(email_key=key).order_by("-id").limit(1).values_list(*_COLUMNS)
)


async def add(email: str, password_hash: str, name: str) -> Added:
    """Store a registration, and its unconfirmed account where the e-mail has no account.

    Free and taken e-mails take the same statements. Neither causes an error in PostgreSQL, which
    would log it with the e-mail.

    Args:
        email: The e-mail as it was typed.
        password_hash: Hash of the password that was chosen with it.
        name: The name for the account; it may be empty.
    """
    moment, key = now(), email_key(email)
    user = User(
        email=email,
        email_key=key,
        name=name,
        name_key=search_key(name),
        password_hash=password_hash,
        created_at=moment,
    )
    async with transaction():
        user_id: int | None = None
        with suppress(EmailTaken):
            user_id = await unique_emails.insert(user)
        is_taken = await User.filter(email_key=key, confirmed=True).exists()
        registration = await Registration.create(
            email=email,
            email_key=key,
            name=name,
            password_hash=password_hash,
            user_id=user_id,
            created_at=moment,
            asked_at=moment,
        )
        await get_connection("default").execute_query(_TRIM, [key, MAX_REGISTRATIONS])
    return Added(int(registration.id), user_id, is_taken)


async def newest(email: str) -> PendingRegistration | None:
    """Return the latest registration of an e-mail, None where it has none."""
    record = await _NEWEST.first(email_key(email))
    return PendingRegistration(*record) if record else None


async def sign_in_with(email: str) -> tuple[Credentials | None, str | None]:
    """Return what an e-mail is signed in with; it is one statement, whatever there is.

    Returns:
        The account's credentials, and the password hash of the latest registration; None for what
        there is not.
    """
    [[*account, waiting]] = await current_client().fetch(_SIGN_IN, [email_key(email)])
    return (None if account[0] is None else Credentials(*account)), waiting


async def of_email(email: str) -> list[PendingRegistration]:
    """Return the registrations of an e-mail, the oldest first."""
    rows = Registration.filter(email_key=email_key(email)).order_by("id")
    return [PendingRegistration(*row) for row in await rows.values_list(*_COLUMNS)]


async def find(token: str) -> PendingRegistration:
    """Return the registration whose link has that token.

    Raises:
        InvalidToken: There is none, or its link has expired.
    """
    query = Registration.filter(digest=digest_of(token), link_expires_at__gt=now())
    row = await query.first().values_list(*_COLUMNS)
    if not row:
        raise InvalidToken
    return PendingRegistration(*row)


async def issue(registration_id: int, ttl: int) -> str | None:
    """Issue a new link, which makes the registration's earlier one invalid.

    Args:
        registration_id: Primary key of the registration.
        ttl: Seconds that the link is valid.

    Returns:
        The token of the link; None where the registration is confirmed or removed.
    """
    token = secrets.token_urlsafe(TOKEN_BYTES)
    updated = await Registration.filter(id=registration_id).update(
        digest=digest_of(token), link_expires_at=now() + timedelta(seconds=ttl)
    )
    return token if updated else None


async def lock_email(email: str) -> None:
    """Lock an e-mail, in its normal form, as :func:`unique_emails.lock_email` does."""
    await unique_emails.lock_email(email_key(email))


async def get(registration_id: int) -> PendingRegistration | None:
    """Return a registration, None where it is confirmed or removed."""
    row = await Registration.filter(id=registration_id).first().values_list(*_COLUMNS)
    return PendingRegistration(*row) if row else None


async def extend_retention(email: str) -> None:
    """Keep the registrations of an e-mail for the full retention time from now.

    Those of a taken e-mail, too: the time at which a sign-in stops being answered with
    ``email_not_confirmed`` must not tell whether a link was sent.
    """
    theirs = Registration.filter(email_key=email_key(email))
    async with transaction():
        # Locked rows are skipped, as they are being removed: a request for mail must not wait.
        rows = await theirs.select_for_update(skip_locked=True).only("id")
        await Registration.filter(id__in=[row.id for row in rows]).update(asked_at=now())


async def set_password(user_id: int, password_hash: str) -> None:
    """Store an account's new password hash in the registration that created the account."""
    await Registration.filter(user_id=user_id).update(password_hash=password_hash)


async def forget(email: str) -> None:
    """Remove every registration of an e-mail; call :func:`lock_email` before."""
    await Registration.filter(email_key=email_key(email)).delete()


async def purge(before: datetime) -> int:
    """Remove registrations whose link was last asked for before a time.

    Purge the unused accounts first: while an account's registration exists, a sign-in does not show
    that the account is gone.

    Returns:
        The number of registrations removed, up to BATCH; call again while it is BATCH.
    """
    return await delete_some(Registration.filter(asked_at__lt=before))
