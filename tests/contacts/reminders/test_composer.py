"""The mail that says whose birthday is near, as it is read, and to whom it goes no more."""

import email
import re
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP, default
from typing import Any

import asyncpg
import pytest

from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.reminders import repository
from contactsvc.contacts.reminders.composer import MAX_PEOPLE, ReminderComposer, unlinked
from contactsvc.contacts.reminders.repository import Setting
from contactsvc.contacts.reminders.unsubscribe_tokens import UnsubscribeTokens
from contactsvc.contacts.repository import ContactRepository
from contactsvc.mail.model import MailKind
from contactsvc.mail.renderer import MailRenderer
from contactsvc.mail.repository import ClaimedMail
from contactsvc.platform.keyring import Keyring
from tests.contacts.reminders.support import KYIV
from tests.mail.test_renderer import Tags, part
from tests.support.clocks import Clock

TOKENS = UnsubscribeTokens(Keyring("a-key-of-this-test-0123456789abcdef"))
LINK = "https://contacts.example.com/api/birthdays/unsubscribe/"

Write = Callable[..., Awaitable[EmailMessage | None]]


async def _no_cache(user_id: int, version: int) -> None:
    """Accounts are only looked up here."""


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock(monkeypatch)
    clock.moment = datetime(2026, 12, 10, 6, tzinfo=UTC)
    return clock


@pytest.fixture
def write(owner: int, clock: Clock) -> Write:
    """Compose the mail of a day, and read it as its recipient would."""
    users = UserRepository(_no_cache, address_books)
    renderer = MailRenderer("https://contacts.example.com", "Contacts <post@example.com>")
    composer = ReminderComposer(users, renderer, TOKENS)

    async def compose(
        day: str = "2026-12-10", *, stored: bool = True, **setting: Any
    ) -> EmailMessage | None:
        if stored:
            await repository.store(owner, Setting(**KYIV | setting), None)
        params: Any = {"user_id": owner, "day": day}
        mail = ClaimedMail(
            1, MailKind.BIRTHDAY_REMINDER, "typed@example.com", params, 1, clock.now()
        )
        message = await composer.compose(mail)
        if message is None:
            return None
        read = email.message_from_bytes(message.as_bytes(policy=SMTP), policy=default)
        assert isinstance(read, EmailMessage)
        return read

    return compose


async def add(contacts: ContactRepository, birthday: str, first_name: str = "Ada") -> None:
    await contacts.add({"first_name": first_name, "birthday": birthday}, ChangedBy.API)


async def written(write: Write, *args: Any, **setting: Any) -> EmailMessage:
    message = await write(*args, **setting)
    assert message is not None
    return message


async def people(write: Write, *args: Any, **setting: Any) -> list[str]:
    """Return the lines between the greeting and the end."""
    text = part(await written(write, *args, **setting), "plain").partition("You have asked")[0]
    return [line.strip() for line in text.split("\n")[1:] if line.strip()]


async def test_the_whole_mail(write: Write, contacts: ContactRepository, owner: int) -> None:
    await add(contacts, "1815-12-10", "Ada")
    await add(contacts, "--12-10", "Zoë")
    await add(contacts, "1906-12-17", "Grace")
    await add(contacts, "1906-12-16", "Nobody")

    mail = await written(write)

    link = LINK + TOKENS.issue(owner)
    assert part(mail, "plain") == (
        "Hello Grace Hopper,\n\nToday, Thursday 10 December:\n\n    Ada turns 211\n    Zoë\n\n"
        "In 7 days, Thursday 17 December:\n\n    Grace turns 120\n\n"
        "You have asked for this. If you want no more of these mails, open this\naddress:\n\n"
        f"    {link}\n\n-- \ncontacts.example.com\n"
        "This mail was sent automatically; nobody reads answers to it.\n"
    )
    assert mail["Subject"] == "3 birthdays are near"
    assert mail["List-Unsubscribe"] == f"<{link}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    tags = Tags(part(mail, "html")).seen
    assert [attrs["href"] for tag, attrs in tags if tag == "a"] == [link]
    assert len([tag for tag, _ in tags if tag == "li"]) == 3


async def test_the_days_are_those_of_the_mail(write: Write, contacts: ContactRepository) -> None:
    for birthday in ("2000-12-31", "2000-01-01", "2000-12-30"):
        await add(contacts, birthday, birthday)

    assert await people(write, "2026-12-31", days_before=[0, 1]) == [
        *("Today, Thursday 31 December:", "2000-12-31 turns 26"),
        *("Tomorrow, Friday 1 January:", "2000-01-01 turns 27"),
    ]


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2027-02-28", ["Today, Sunday 28 February:", "Ada turns 27", "Leap turns 27"]),
        ("2028-02-28", ["Today, Monday 28 February:", "Ada turns 28"]),
        ("2028-02-29", ["Today, Tuesday 29 February:", "Leap turns 28"]),
        ("2027-03-01", None),
    ],
)
async def test_leap_days_are_told_as_they_are_listed(
    write: Write, contacts: ContactRepository, day: str, told: list[str] | None
) -> None:
    await add(contacts, "2000-02-28")
    await add(contacts, "2000-02-29", "Leap")

    if told is None:
        assert await write(day, days_before=[0]) is None
    else:
        assert await people(write, day, days_before=[0]) == told


async def test_of_many_some_are_named_and_the_others_counted(
    write: Write, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    for number in range(MAX_PEOPLE + 23):
        await add(contacts, "--12-10", f"Ada {number:03}")
    for _ in range(2):
        await add(contacts, "--12-17")

    told = await people(write)

    assert len(told) == 1 + MAX_PEOPLE + 1 + 2
    assert told[MAX_PEOPLE:] == [
        *(f"Ada {MAX_PEOPLE - 1:03}", "and 23 more"),
        *("In 7 days, Thursday 17 December:", "2 birthdays"),
    ]
    assert (await written(write))["Subject"] == f"{MAX_PEOPLE + 25} birthdays are near"


@pytest.mark.parametrize(
    "name",
    [
        *("https://evil.example/login", "www.evil.example", "evil.example", "eve@evil.example"),
        *("http:evil", "Ada\u202e\u2066 moc.live", "mailto:eve@evil.example", "//evil.example"),
    ],
)
async def test_no_mail_program_makes_a_link_of_a_name(
    write: Write, contacts: ContactRepository, owner: int, name: str
) -> None:
    await contacts.add({"nickname": name, "birthday": "--12-10"}, ChangedBy.API)

    mail = await written(write)

    for subtype in ("plain", "html"):
        shown = part(mail, subtype).replace(LINK + TOKENS.issue(owner), "")
        shown = shown.replace("contacts.example.com", "")
        assert re.findall(r"\w[.@:]\w|//|\u202e", shown.partition("<main")[2] or shown) == []


def test_a_name_keeps_its_look() -> None:
    assert unlinked("Dr. J.R.R. Tolkien").replace("\u200b", "") == "Dr. J.R.R. Tolkien"
    assert unlinked("Ada King, Countess of Lovelace") == "Ada King, Countess of Lovelace"


async def test_a_name_is_text_and_brings_no_header_in(
    write: Write, contacts: ContactRepository
) -> None:
    name = '<a href="x">Ada</a>\u2028Bcc: eve'
    await contacts.add({"nickname": name, "birthday": "--12-10"}, ChangedBy.API)

    mail = await written(write)

    assert mail["Bcc"] is None
    assert (await people(write))[1].replace("\u200b", "") == '<a href="x">Ada</a> Bcc: eve'
    assert len([tag for tag, _ in Tags(part(mail, "html")).seen if tag == "a"]) == 1


async def test_it_goes_to_the_address_that_the_account_has_now(
    write: Write, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    await add(contacts, "--12-10")
    await pg.execute("UPDATE users SET email = 'new@example.com', email_key = 'new@example.com'")
    mail = await written(write)
    assert (mail["To"], mail["Subject"]) == ("new@example.com", "A birthday is near")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE users SET confirmed = false",
        "UPDATE users SET is_active = false",
        "DELETE FROM contacts",
        "UPDATE contacts SET birthday_md = 1209",
    ],
)
async def test_who_is_to_get_none_any_more_gets_none(
    write: Write, contacts: ContactRepository, pg: asyncpg.Connection, change: str
) -> None:
    await add(contacts, "--12-10")
    await pg.execute(change)
    assert await write() is None


async def test_who_has_turned_it_off_or_left_gets_none(
    write: Write, contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    await add(contacts, "--12-10")
    assert await write() is not None
    assert await write(enabled=False) is None
    await pg.execute("DELETE FROM birthday_reminders")
    assert await write(stored=False) is None
    await pg.execute("DELETE FROM users")
    assert await write(stored=False) is None


@pytest.mark.parametrize(
    ("tz", "moment", "is_sent"),
    [
        ("Europe/Kyiv", "2026-12-10 21:59", True),
        ("Europe/Kyiv", "2026-12-10 22:00", False),
        ("Pacific/Kiritimati", "2026-12-10 09:59", True),
        ("Pacific/Kiritimati", "2026-12-10 10:00", False),
        ("Pacific/Pago_Pago", "2026-12-11 10:59", True),
        # The zone was changed to the west after the mail had been asked for.
        ("Pacific/Pago_Pago", "2026-12-09 12:00", True),
    ],
)
async def test_what_could_not_be_sent_on_its_day_is_not_sent_on_another(
    write: Write, contacts: ContactRepository, clock: Clock, tz: str, moment: str, is_sent: bool
) -> None:
    await add(contacts, "--12-10")
    clock.moment = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert (await write(tz=tz) is not None) is is_sent
