"""Composes the mail that says whose birthday is near, at the moment it is sent."""

import re
from dataclasses import dataclass
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Final
from zoneinfo import ZoneInfo

from contactsvc.accounts.mail_composer import message_id
from contactsvc.accounts.users.model import Account
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.birthdays.service import Birthday, upcoming
from contactsvc.contacts.reminders import repository
from contactsvc.contacts.reminders.service import LEAP_DAY, near
from contactsvc.contacts.reminders.unsubscribe_tokens import UnsubscribeTokens
from contactsvc.contacts.repository import ContactRepository
from contactsvc.mail.renderer import MailRenderer, one_line
from contactsvc.mail.repository import ClaimedMail
from contactsvc.platform.clock import today

UNSUBSCRIBE_PATH: Final = "birthdays/unsubscribe"
"""The path below ``/api`` that ends reminders."""

MAX_PEOPLE: Final = 50
"""The most people that one mail names; of others it says how many there are."""

_JOINT: Final = re.compile(r"([.:/@])(?=\S)")
_ZERO_WIDTH_SPACE: Final = "\u200b"


@dataclass(frozen=True)
class Day:
    """A day of the mail.

    Args:
        title: Which day it is.
        people: Whose birthday it is, as far as the mail names them.
        more: How many more there are.
    """

    title: str
    people: list[str]
    more: int


class ReminderComposer:
    """Composes reminders.

    Args:
        users: The accounts, looked up by id.
        renderer: Renders the templates.
        tokens: Makes the links that end reminders.
    """

    def __init__(
        self, users: UserRepository, renderer: MailRenderer, tokens: UnsubscribeTokens
    ) -> None:
        self._users = users
        self._renderer = renderer
        self._tokens = tokens

    async def compose(self, mail: ClaimedMail) -> EmailMessage | None:
        """Return the mail to send.

        None where nobody is to get it any more, nobody's birthday is near any more, or the day is
        over: what it says of today would be wrong tomorrow, and tomorrow has a mail of its own.
        """
        user_id, day = mail.params["user_id"], date.fromisoformat(mail.params["day"])
        account = await self._users.find_account(user_id)
        if account is None or not (account.confirmed and account.is_active):
            return None
        reminder = await repository.find(user_id)
        if reminder is None or not reminder.enabled or day < today(ZoneInfo(reminder.tz)):
            return None
        days = await _days(user_id, day, reminder.days_before)
        return self._render(mail, account, days) if days else None

    def _render(self, mail: ClaimedMail, account: Account, days: list[Day]) -> EmailMessage:
        link = self._renderer.link(UNSUBSCRIBE_PATH, self._tokens.issue(account.id))
        return self._renderer.render(
            "birthday_reminder",
            account.email,
            message_id(mail),
            name=account.name,
            unsubscribe=link,
            link=link,
            days=days,
            count=sum(len(day.people) + day.more for day in days),
        )


async def _days(owner_id: int, day: date, days_before: list[int]) -> list[Day]:
    """Return the days of the mail that are somebody's birthday."""
    contacts, left, days = ContactRepository(owner_id), MAX_PEOPLE, []
    for number in days_before:
        on = day + timedelta(days=number)
        if not (count := await near(owner_id, on, [0])):
            continue
        found = (await upcoming(contacts, on, 0, LEAP_DAY, left)).rows if left else []
        people = [_told(birthday) for birthday in found]
        days.append(Day(_title(number, on), people, max(0, count - len(people))))
        left -= len(people)
    return days


def _title(number: int, on: date) -> str:
    when = {0: "Today", 1: "Tomorrow"}.get(number, f"In {number} days")
    return f"{when}, {on:%A} {on.day} {on:%B}"


def _told(birthday: Birthday) -> str:
    name = unlinked(birthday.contact["display_name"])
    return f"{name} turns {birthday.turns}" if birthday.turns else name


def unlinked(name: str) -> str:
    """Return a name on one line of which no mail program makes a link.

    A card that somebody has sent may be called ``https://example.com``, and a reader trusts what
    this service mails. A space without width after a dot or slash keeps the look of the name.
    """
    return _JOINT.sub(rf"\1{_ZERO_WIDTH_SPACE}", one_line(name))
