"""A birthday calendar, before it is sent."""

from dataclasses import replace

import pytest

from contactsvc.contacts.birthdays.feed import service
from contactsvc.contacts.birthdays.feed.calendar import END, HEAD
from contactsvc.contacts.birthdays.feed.service import Feed
from contactsvc.contacts.birthdays.service import LeapDay

FEED = Feed(owner_id=7, seq=1, leap_day=LeapDay.FEB28, base_url="https://contacts.example.com")


def test_the_digest_is_of_all_that_a_calendar_is_made_of(monkeypatch: pytest.MonkeyPatch) -> None:
    others = [
        replace(FEED, owner_id=71),
        replace(FEED, seq=11),
        replace(FEED, leap_day=LeapDay.MAR1),
        replace(FEED, base_url="https://contacts.example.org"),
    ]
    digests = [feed.digest for feed in (FEED, replace(FEED), *others)]
    monkeypatch.setattr(service, "__version__", "another release")

    assert digests[0] == digests[1]
    assert len({*digests, FEED.digest}) == len(others) + 2


@pytest.mark.usefixtures("orm")
async def test_a_calendar_of_nobody_is_one() -> None:
    assert [piece async for piece in FEED.pieces()] == [HEAD, END]
