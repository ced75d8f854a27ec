"""When a reminder is due: at one hour of the clock in a time zone, once a day."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo


def due_on(day: date, hour: int, zone: tzinfo) -> datetime:
    """Return the moment at which clocks in a zone show an hour of a day, in UTC.

    An hour that is skipped when clocks go forward is read by the offset before, so that it is due
    as soon after the change as it would have been; of one that comes twice the first counts. That
    is how RFC 5545, section 3.3.5, reads local times. Where this would be past the day's midnight,
    as in Greenland, whose clocks skip 23:00, the offset after the change is taken: an hour early,
    but on that day. A day that is skipped as a whole has no such moment and keeps the first.

    Args:
        day: The day in the zone.
        hour: The hour, 0 to 23.
        zone: The time zone.
    """
    readings = [
        datetime.combine(day, time(hour, fold=fold), zone).astimezone(UTC) for fold in (0, 1)
    ]
    on_day = (moment for moment in readings if moment.astimezone(zone).date() == day)
    return next(on_day, readings[0])


def next_due(since: datetime, hour: int, zone: tzinfo, after: date | None = None) -> datetime:
    """Return the first moment from ``since`` on at which a reminder is due, in UTC.

    Args:
        since: An aware time; a reminder that is due at that very moment counts.
        hour: The hour, 0 to 23.
        zone: The time zone.
        after: The last day that has had its reminder, which gets no other; None is no such day.
    """
    day = since.astimezone(zone).date()
    if after is not None and day <= after:
        day = after + timedelta(days=1)
    while (moment := due_on(day, hour, zone)) < since:
        day += timedelta(days=1)
    return moment
