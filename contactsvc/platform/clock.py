"""The only clock: everything that asks for the time asks here."""

from datetime import UTC, date, datetime, tzinfo


def now() -> datetime:
    """Return the current time, aware and in UTC."""
    return datetime.now(UTC)


def today(zone: tzinfo = UTC) -> date:
    """Return the current date as a calendar in ``zone`` shows it."""
    return now().astimezone(zone).date()
