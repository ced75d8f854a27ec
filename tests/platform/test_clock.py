"""The clock in every time zone there is."""

import zoneinfo
from datetime import UTC, datetime, timedelta

import pytest

from contactsvc.platform import clock

# Around midnight, the new year, the leap day, and changes of summer time.
MOMENTS = [
    datetime(year, month, day, hour, minute, tzinfo=UTC)
    for year, month, day in [
        (2026, 12, 31),
        (2027, 1, 1),
        (2028, 2, 29),
        (2026, 3, 29),
        (2026, 10, 25),
    ]
    for hour, minute in [(0, 0), (0, 59), (9, 59), (10, 0), (11, 30), (14, 0), (23, 59)]
]


def test_now_is_aware_and_in_utc() -> None:
    before, moment, after = datetime.now(UTC), clock.now(), datetime.now(UTC)
    assert moment.utcoffset() == timedelta(0)
    assert before <= moment <= after


def test_today_is_utcs_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert clock.today().isoformat() == "2026-12-31"


def test_today_in_every_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = []
    zones = {name: zoneinfo.ZoneInfo(name) for name in sorted(zoneinfo.available_timezones())}
    for moment in MOMENTS:
        monkeypatch.setattr(clock, "now", lambda moment=moment: moment)
        for name, zone in zones.items():
            # Another way than the code's: what the zone adds to UTC, added by hand.
            offset = zone.utcoffset(moment.astimezone(zone))
            local = moment.replace(tzinfo=None) + (offset or timedelta(0))
            if clock.today(zone) != local.date():
                wrong.append((name, moment))
    assert len(zones) > 400
    assert wrong == []


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("Pacific/Kiritimati", "2027-01-01"),  # UTC+14
        ("Asia/Kathmandu", "2027-01-01"),  # UTC+5:45
        ("Europe/Kyiv", "2026-12-31"),
        ("UTC", "2026-12-31"),
        ("America/New_York", "2026-12-31"),
        ("Etc/GMT+12", "2026-12-31"),  # UTC-12
    ],
)
def test_today_where_it_is_known(monkeypatch: pytest.MonkeyPatch, zone: str, day: str) -> None:
    moment = datetime(2026, 12, 31, 18, 30, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: moment)
    assert clock.today(zoneinfo.ZoneInfo(zone)).isoformat() == day
