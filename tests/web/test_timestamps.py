"""Moments that clients send: RFC 3339 and nothing else that Python would read."""

from datetime import UTC, datetime, timedelta

import pytest
from marshmallow import ValidationError

from contactsvc.web.timestamps import Timestamp

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-31T12:00:00Z", NOON),
        ("2026-01-31t12:00:00z", NOON),
        ("2026-01-31T12:00:00.000000Z", NOON),
        ("2026-01-31T14:00:00+02:00", NOON),
        ("2026-02-01T00:30:00+12:30", NOON),
        ("2026-01-31T12:00:00-00:00", NOON),
        ("2026-01-31T12:00:00.5Z", NOON + timedelta(milliseconds=500)),
        ("2026-01-31T12:00:00.123456789Z", NOON + timedelta(microseconds=123456)),
        ("2024-02-29T00:00:00Z", datetime(2024, 2, 29, tzinfo=UTC)),
        ("0001-01-01T00:00:00Z", datetime.min.replace(tzinfo=UTC)),
        ("9999-12-31T23:59:59.999999Z", datetime.max.replace(tzinfo=UTC)),
    ],
)
def test_a_moment_is_read_in_utc(text: str, expected: datetime) -> None:
    moment = Timestamp().deserialize(text)
    assert moment == expected
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(
    "value",
    [
        *("", "now", "1769860800", "2026-01-31", "12:00:00Z", 1769860800, None, True),
        "2026-01-31T12:00:00",  # whose noon?
        "2026-01-31T12:00:00 02:00",  # a query's + that was not escaped
        "2026-01-31 12:00:00Z",
        "2026-01-31T12:00Z",
        "2026-01-31T12:00:00,5Z",
        "2026-01-31T12:00:00.Z",
        "2026-01-31T12:00:00+02",
        "2026-01-31T12:00:00+0200",
        "2026-01-31T12:00:00+24:00",
        "2026-01-31T12:00:00+01:02:03",
        "20260131T120000Z",
        "2026-W05-6T12:00:00Z",
        "2026-02-29T12:00:00Z",
        "2026-01-31T24:00:00Z",
        "2016-12-31T23:59:60Z",
        "0000-01-01T00:00:00Z",
        "0001-01-01T00:00:00+00:01",  # a year before the first
        "9999-12-31T23:59:59-00:01",
        "+2026-01-31T12:00:00Z",
        "２０２６-01-31T12:00:00Z",
        " 2026-01-31T12:00:00Z",
        "2026-01-31T12:00:00Z\n",
        "2026-01-31T12:00:00Z\0",
        f"2026-01-31T12:00:00.{'0' * 5000}Z",
    ],
)
def test_what_is_no_moment_is_refused(value: object) -> None:
    with pytest.raises(ValidationError):
        Timestamp().deserialize(value)
