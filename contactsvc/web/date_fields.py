"""marshmallow fields for dates, with a year or without, and for the time zones they are told in."""

import re
from collections.abc import Mapping
from datetime import date, timedelta, timezone
from typing import Any, Final

from contactsvc.platform.clock import time_zones, today
from contactsvc.web.fields import Text

_DATE: Final = re.compile(r"([0-9]{4}|-)-([0-9]{2})-([0-9]{2})", re.ASCII)
_LEAP_YEAR: Final = 2000

EARLIEST_ZONE: Final = timezone(timedelta(hours=14))
"""The time zone in which every date begins first (Pacific/Kiritimati)."""


class YearlessDate(Text):
    """``YYYY-MM-DD``, or ``--MM-DD`` without a year."""

    default_error_messages = {
        "date": "Not a valid date; write YYYY-MM-DD, or --MM-DD without a year."
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=10, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        match = _DATE.fullmatch(text)
        if match is None:
            raise self.make_error("date")
        year, month, day = match.groups()
        try:
            date(_LEAP_YEAR if year == "-" else int(year), int(month), int(day))
        except ValueError as error:
            raise self.make_error("date") from error
        return text


class Birthday(YearlessDate):
    """A date that is not in the future in every time zone."""

    default_error_messages = {"future": "Lies in the future everywhere on earth."}

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if not text.startswith("-") and date.fromisoformat(text) > today(EARLIEST_ZONE):
            raise self.make_error("future")
        return text


class TimeZone(Text):
    """The name of a time zone in the IANA database."""

    default_error_messages = {"zone": "Not an IANA time zone, such as Europe/Kyiv."}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=64, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> str:
        name = super()._deserialize(value, attr, data, **kwargs)
        if name not in time_zones():
            raise self.make_error("zone")
        return name
