"""The hour of a reminder, where clocks are changed and at the ends of the earth."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contactsvc.contacts.reminders.schedule import due_on, next_due
from contactsvc.platform.clock import time_zones

KYIV, LORD_HOWE, CHATHAM = (
    ZoneInfo(name) for name in ("Europe/Kyiv", "Australia/Lord_Howe", "Pacific/Chatham")
)
KIRITIMATI, PAGO_PAGO, NUUK = (
    ZoneInfo(name) for name in ("Pacific/Kiritimati", "Pacific/Pago_Pago", "America/Nuuk")
)


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "moment"),
    [
        (KYIV, "2026-01-15", 8, "2026-01-15 06:00"),
        (KYIV, "2026-07-15", 8, "2026-07-15 05:00"),
        # 03:00 does not exist: the clock goes from 02:59 to 04:00.
        (KYIV, "2026-03-29", 2, "2026-03-29 00:00"),
        (KYIV, "2026-03-29", 3, "2026-03-29 01:00"),
        (KYIV, "2026-03-29", 4, "2026-03-29 01:00"),
        # 03:00 comes twice, at 00:00 and at 01:00 UTC.
        (KYIV, "2026-10-25", 3, "2026-10-25 00:00"),
        (KYIV, "2026-10-25", 4, "2026-10-25 02:00"),
        # Half an hour: from 01:59 to 02:30, and from 01:59 back to 01:30.
        (LORD_HOWE, "2026-10-04", 2, "2026-10-03 15:30"),
        (LORD_HOWE, "2026-10-04", 3, "2026-10-03 16:00"),
        (LORD_HOWE, "2026-04-05", 1, "2026-04-04 14:00"),
        (LORD_HOWE, "2026-04-05", 2, "2026-04-04 15:30"),
        # The clock goes from 02:44 to 03:45.
        (CHATHAM, "2026-09-27", 3, "2026-09-26 14:15"),
        # The clock goes from 22:59 to midnight, so 23:00 by the offset before is on the next day.
        (NUUK, "2026-03-28", 22, "2026-03-29 00:00"),
        (NUUK, "2026-03-28", 23, "2026-03-29 00:00"),
        (NUUK, "2026-03-29", 0, "2026-03-29 01:00"),
        (KIRITIMATI, "2026-12-10", 0, "2026-12-09 10:00"),
        (KIRITIMATI, "2026-12-10", 23, "2026-12-10 09:00"),
        (PAGO_PAGO, "2026-12-10", 23, "2026-12-11 10:00"),
    ],
)
def test_the_hour_of_a_day(zone: ZoneInfo, day: str, hour: int, moment: str) -> None:
    assert due_on(date.fromisoformat(day), hour, zone) == utc(moment)


@pytest.mark.parametrize(
    ("zone", "hour", "since", "after", "moment"),
    [
        (KYIV, 8, "2026-12-10 05:59:59", None, "2026-12-10 06:00"),
        (KYIV, 8, "2026-12-10 06:00:00", None, "2026-12-10 06:00"),
        (KYIV, 8, "2026-12-10 06:00:01", None, "2026-12-11 06:00"),
        (KYIV, 8, "2026-12-10 05:00:00", "2026-12-10", "2026-12-11 06:00"),
        (KYIV, 8, "2026-12-10 05:00:00", "2026-12-09", "2026-12-10 06:00"),
        # Between the two 03:00 of that night, its first one is over.
        (KYIV, 3, "2026-10-25 00:30:00", None, "2026-10-26 01:00"),
        # A day that a whole country has skipped has no hour of its own.
        (ZoneInfo("Pacific/Apia"), 8, "2011-12-29 18:00:01", None, "2011-12-30 18:00"),
        # It is a day later there already, and a day earlier.
        (KIRITIMATI, 8, "2026-12-10 11:00:00", None, "2026-12-10 18:00"),
        (PAGO_PAGO, 23, "2026-12-10 09:00:00", None, "2026-12-10 10:00"),
        (PAGO_PAGO, 8, "2026-12-10 11:00:00", "2026-12-11", "2026-12-12 19:00"),
    ],
)
def test_the_next_one(
    zone: ZoneInfo, hour: int, since: str, after: str | None, moment: str
) -> None:
    last = date.fromisoformat(after) if after else None
    assert next_due(utc(since), hour, zone, last) == utc(moment)


@given(
    st.sampled_from(sorted(time_zones())),
    st.integers(0, 23),
    st.datetimes(
        *map(datetime.fromisoformat, ("2025-01-01", "2031-01-01")), timezones=st.just(UTC)
    ),
)
@example("America/Nuuk", 23, utc("2028-03-22 12:00"))
def test_every_day_of_every_zone_has_one(zone: str, hour: int, since: datetime) -> None:
    place = ZoneInfo(zone)
    moments = [next_due(since, hour, place)]
    days = [moments[0].astimezone(place).date()]
    for _ in range(3):
        moments.append(next_due(moments[-1], hour, place, days[-1]))
        days.append(moments[-1].astimezone(place).date())

    assert since <= moments[0] < since + timedelta(hours=26)
    assert days == [days[0] + timedelta(days=number) for number in range(4)]
