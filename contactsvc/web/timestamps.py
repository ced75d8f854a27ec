"""The marshmallow field for moments that clients send."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from marshmallow import ValidationError, fields

_MAX_LENGTH: Final = 64
"""Characters of a timestamp; its fraction may have any number of digits."""

_INVALID: Final = (
    "Not a time with its zone (RFC 3339), such as 2026-01-31T12:00:00Z; in a query, + is written "
    "as %2B."
)

_DATE_TIME: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt](?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?"
    r"(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)",
    re.ASCII,
)


class Timestamp(fields.AwareDateTime):
    """A ``date-time`` of RFC 3339, section 5.6, with its zone and without leap seconds.

    The value is in UTC, so that one moment has one form; beyond microseconds it is cut. Empty text
    is null where null is allowed.
    """

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the moment, or None."""
        empty = value == "" and self.allow_none
        return super().deserialize(None if empty else value, attr, data, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> datetime:
        fits = isinstance(value, str) and len(value) <= _MAX_LENGTH and _DATE_TIME.fullmatch(value)
        if not fits:
            raise ValidationError(_INVALID)
        try:
            return datetime.fromisoformat(value.upper()).astimezone(UTC)
        except (ValueError, OverflowError) as error:  # no such day, or none in UTC
            raise ValidationError(_INVALID) from error
