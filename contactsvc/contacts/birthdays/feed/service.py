"""Makes the calendar of somebody's birthdays, while it is sent."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from contactsvc import __version__
from contactsvc.accounts.app_passwords.secret import read_password
from contactsvc.contacts.birthdays.feed import repository
from contactsvc.contacts.birthdays.feed.calendar import END, HEAD, Born, events, name_space
from contactsvc.contacts.birthdays.service import LeapDay
from contactsvc.platform.errors import NotFound
from contactsvc.platform.redis.throttle import Policy, Throttle


@dataclass(frozen=True, kw_only=True)
class Feed:
    """The calendar of one owner's birthdays.

    Args:
        owner_id: The owner.
        seq: How often the address book has been changed.
        leap_day: When 29 February is celebrated in a common year.
        base_url: The setting PUBLIC_URL.
    """

    owner_id: int
    seq: int
    leap_day: LeapDay
    base_url: str

    @property
    def digest(self) -> str:
        """32 hex digits that are others as soon as the calendar may be another one.

        The day does not count, so a program that asks again is told so by one statement.
        """
        made_of = (__version__, self.base_url, self.owner_id, self.seq, self.leap_day)
        return sha256("\n".join(map(str, made_of)).encode()).hexdigest()[:32]

    async def pieces(self) -> AsyncIterator[bytes]:
        """Yield the bytes of the calendar, in bounded memory.

        Raises:
            Unavailable: PostgreSQL is away; before the first piece where it is at the beginning.
        """
        owner, begun = name_space(self.base_url, self.owner_id), HEAD
        async for page in repository.birthdays(self.owner_id):
            yield begun + await asyncio.to_thread(_written, page, owner, self.leap_day)
            begun = b""
        yield END


def _written(page: Sequence[Born], owner: UUID, leap_day: LeapDay) -> bytes:
    return b"".join(events(born, owner, leap_day) for born in page)


async def open_feed(
    text: str, leap_day: LeapDay, base_url: str, throttle: Throttle, address: str
) -> Feed:
    """Return the calendar that a secret is for, by one statement.

    Failures alone are counted, and do not stand in the way of a secret that is good: the servers of
    Google and Microsoft ask for many people, some of whose calendars have ended.

    Args:
        text: What stands for the secret in the URL.
        leap_day: As of Feed.
        base_url: As of Feed.
        throttle: Counts failures.
        address: What those of a client are counted by; see ``address_block``.

    Raises:
        NotFound: It is no secret, or ended, or its user is disabled.
        RateLimited: The same, and there have been too many such.
    """
    secret = read_password(text)
    seq = await repository.find(secret) if secret else None
    if secret is None or seq is None:
        await throttle.hit(Policy.BIRTHDAY_FEED_ADDRESS, address)
        raise NotFound
    return Feed(owner_id=secret.user_id, seq=seq, leap_day=leap_day, base_url=base_url)
