"""What is sent is decided when it is sent: who has an account, and what is still due."""

from email.message import EmailMessage

import asyncpg
import pytest

from contactsvc.accounts.one_time_tokens import repository as one_time_tokens
from contactsvc.accounts.one_time_tokens.model import Purpose
from contactsvc.mail import repository as outbox
from contactsvc.mail.model import MailKind
from contactsvc.platform.errors import InvalidToken
from tests.mail.support import CONFIRMATION_TTL, RESET_TTL, ask, mail_composer, token
from tests.support.accounts import add_account
from tests.support.mailbox import text

pytestmark = pytest.mark.usefixtures("orm")

ADA = "Ada@Example.com"


async def write(
    pg: asyncpg.Connection, kind: str, recipient: str, **params: int
) -> EmailMessage | None:
    await ask(pg, kind, recipient, **params)
    [claimed] = await outbox.claim(1, lease=60)
    return await mail_composer().compose(claimed)


async def written(pg: asyncpg.Connection, kind: str, recipient: str, **params: int) -> EmailMessage:
    mail = await write(pg, kind, recipient, **params)
    assert mail is not None
    return mail


@pytest.mark.parametrize("kind", ["registration", "confirm_email"])
@pytest.mark.parametrize("typed", [ADA, "ADA@EXAMPLE.COM"])
async def test_an_unconfirmed_account_gets_a_link_at_its_own_address(
    pg: asyncpg.Connection, kind: str, typed: str
) -> None:
    user_id = await add_account(pg, ADA, confirmed=False)

    mail = await written(pg, kind, typed)

    assert (mail["Subject"], mail["To"]) == ("Confirm your e-mail address", ADA)
    assert "/api/auth/confirmed_email/" in text(mail)
    assert "2 hours" in text(mail)
    found = await one_time_tokens.find(token(mail), Purpose.CONFIRM_EMAIL)
    assert (found.user_id, found.email, found.used) == (user_id, ADA, False)
    lifetime = await pg.fetchval("SELECT expires_at - created_at FROM one_time_tokens")
    assert lifetime.total_seconds() == CONFIRMATION_TTL


async def test_a_stranger_cannot_send_words_with_a_confirmation(pg: asyncpg.Connection) -> None:
    """Anybody may register anybody's address, under any name."""
    await add_account(pg, ADA, confirmed=False, name="You have won")
    assert "You have won" not in (await written(pg, "registration", ADA)).as_string()
    user_id = await add_account(pg, "eve@example.com", name="You have won")
    mail = await written(pg, "change_email", "victim@example.com", user_id=user_id)
    assert "You have won" not in mail.as_string()


async def test_who_registers_again_hears_that_they_have_an_account(pg: asyncpg.Connection) -> None:
    await add_account(pg, ADA)

    mail = await written(pg, "registration", "ada@example.com")

    assert (mail["Subject"], mail["To"]) == ("You already have an account", ADA)
    assert "Hello Grace Hopper," in text(mail)
    assert await pg.fetchval("SELECT count(*) FROM one_time_tokens") == 0


async def test_a_reset_link_opens_the_account(pg: asyncpg.Connection) -> None:
    user_id = await add_account(pg, ADA)

    mail = await written(pg, "reset_password", "ada@example.com")

    assert (mail["Subject"], mail["To"]) == ("Set a new password", ADA)
    assert "/api/auth/confirm_update_password/" in text(mail)
    found = await one_time_tokens.find(token(mail), Purpose.RESET_PASSWORD)
    assert found.user_id == user_id
    lifetime = await pg.fetchval("SELECT expires_at - created_at FROM one_time_tokens")
    assert lifetime.total_seconds() == RESET_TTL


async def test_a_newer_link_ends_the_older(pg: asyncpg.Connection) -> None:
    await add_account(pg, ADA)
    older = token(await written(pg, "reset_password", ADA))
    newer = token(await written(pg, "reset_password", ADA))

    with pytest.raises(InvalidToken):
        await one_time_tokens.find(older, Purpose.RESET_PASSWORD)
    assert not (await one_time_tokens.find(newer, Purpose.RESET_PASSWORD)).used


async def test_a_new_address_gets_the_link_that_makes_it_count(pg: asyncpg.Connection) -> None:
    user_id = await add_account(pg, ADA)

    mail = await written(pg, "change_email", "new@example.com", user_id=user_id, auth_version=1)

    assert (mail["Subject"], mail["To"]) == ("Confirm your new e-mail address", "new@example.com")
    assert "/api/auth/confirmed_email/" in text(mail)
    found = await one_time_tokens.find(token(mail), Purpose.CHANGE_EMAIL)
    assert (found.user_id, found.email) == (user_id, "new@example.com")


async def test_a_new_spelling_is_a_change_too(pg: asyncpg.Connection) -> None:
    user_id = await add_account(pg, ADA)
    mail = await written(pg, "change_email", "ada@example.com", user_id=user_id)
    assert mail["Subject"] == "Confirm your new e-mail address"


async def test_a_new_address_that_is_taken_hears_of_its_own_account(pg: asyncpg.Connection) -> None:
    user_id = await add_account(pg, ADA)
    await add_account(pg, "grace@example.com")

    mail = await written(pg, "change_email", "GRACE@example.com", user_id=user_id)

    assert mail["Subject"] == "You already have an account"
    assert mail["To"] == "grace@example.com"
    assert await pg.fetchval("SELECT count(*) FROM one_time_tokens") == 0


@pytest.mark.parametrize(
    ("kind", "subject"),
    [
        ("password_changed", "Your password was changed"),
        ("email_change_notice", "Your e-mail address is about to change"),
        ("app_password_created", "A new app password"),
    ],
)
@pytest.mark.parametrize("known", [True, False])
async def test_a_notice_goes_where_it_was_meant_to(
    pg: asyncpg.Connection, kind: str, subject: str, known: bool
) -> None:
    if known:
        await add_account(pg, ADA)
    mail = await written(pg, kind, ADA)
    assert (mail["Subject"], mail["To"]) == (subject, ADA)
    assert ("Grace Hopper" in text(mail)) is known


@pytest.mark.parametrize(
    ("kind", "columns"),
    [
        ("registration", {"confirmed": False, "is_active": False}),
        ("confirm_email", {"confirmed": True}),
        ("confirm_email", {"confirmed": False, "is_active": False}),
        ("reset_password", {"is_active": False}),
    ],
)
async def test_nothing_is_due_to_some_accounts(
    pg: asyncpg.Connection, kind: str, columns: dict[str, bool]
) -> None:
    await add_account(pg, ADA, **columns)
    assert await write(pg, kind, ADA) is None


@pytest.mark.parametrize("kind", ["registration", "confirm_email", "reset_password"])
async def test_nothing_is_due_where_there_is_no_account(pg: asyncpg.Connection, kind: str) -> None:
    await add_account(pg, "somebody.else@example.com", confirmed=False)
    assert await write(pg, kind, ADA) is None


@pytest.mark.parametrize(
    ("columns", "params"),
    [({"is_active": False}, {}), ({"email": "new@example.com"}, {}), ({}, {"auth_version": 0})],
    ids=["disabled", "changed already", "password changed meanwhile"],
)
async def test_a_change_of_address_may_be_due_no_more(
    pg: asyncpg.Connection, columns: dict[str, bool | str], params: dict[str, int]
) -> None:
    user_id = await add_account(pg, ADA)
    for column, value in columns.items():
        await pg.execute(f"UPDATE users SET {column} = $1", value)
    assert await write(pg, "change_email", "new@example.com", user_id=user_id, **params) is None


async def test_a_change_of_address_of_a_deleted_account_is_due_no_more(
    pg: asyncpg.Connection,
) -> None:
    assert await write(pg, "change_email", "new@example.com", user_id=2**62) is None


async def test_the_message_id_is_the_mails_and_not_the_attempts(pg: asyncpg.Connection) -> None:
    await ask(pg, "password_changed", ADA)
    await ask(pg, "password_changed", ADA)
    ids = []
    for _ in range(2):
        mails = [await mail_composer().compose(mail) for mail in await outbox.claim(2, lease=-1)]
        ids.append({str(mail["Message-ID"]) for mail in mails if mail is not None})

    assert ids[0] == ids[1]
    assert len(ids[0]) == 2


async def test_every_kind_is_known(pg: asyncpg.Connection) -> None:
    user_id = await add_account(pg, ADA)
    for kind in set(MailKind) - {MailKind.BIRTHDAY_REMINDER}:  # that of contacts
        mail = await write(pg, kind, "new@example.com", user_id=user_id)
        assert mail is None or mail["To"] == "new@example.com"
