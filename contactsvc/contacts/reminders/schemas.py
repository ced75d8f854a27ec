"""The setting of birthday reminders."""

from collections.abc import Mapping
from typing import Any, Final

from marshmallow import Schema, fields, validate

from contactsvc.web.date_fields import TimeZone
from contactsvc.web.fields import StrictBoolean
from contactsvc.web.schemas import BodySchema

MAX_DAYS_BEFORE: Final = 60
"""The most days that a birthday is told before."""
MAX_TIMES: Final = 10
"""How many different days before a birthday may be told."""


class _EachOnce(fields.List[int]):
    """A list of numbers, of which each is kept once, in order."""

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[int | None]:
        numbers: set[Any] = set(super()._deserialize(value, attr, data, **kwargs))
        return sorted(numbers)


class ReminderSchema(BodySchema):
    """When to be told by mail whose birthday is near. What is left out takes its default."""

    days_before = _EachOnce(
        fields.Integer(
            strict=True,
            validate=validate.Range(
                min=0, max=MAX_DAYS_BEFORE, error=f"Write 0 to {MAX_DAYS_BEFORE} days."
            ),
        ),
        load_default=lambda: [0],
        validate=validate.Length(min=1, max=MAX_TIMES, error=f"Name 1 to {MAX_TIMES} numbers."),
        metadata={
            "example": [0, 7],
            "description": "How many days before a birthday; 0 is the day itself",
        },
    )
    hour = fields.Integer(
        strict=True,
        load_default=8,
        validate=validate.Range(min=0, max=23, error="Write an hour from 0 to 23."),
        metadata={"example": 8, "description": "Of the clock in tz"},
    )
    tz = TimeZone(load_default="UTC", metadata={"example": "Europe/Kyiv"})
    enabled = StrictBoolean(load_default=True, metadata={"example": True})


class UnsubscribeAnswer(Schema):
    """Whether the link works, or what it has done."""

    status = fields.String(required=True, metadata={"example": "unsubscribed"})


class ReminderAnswer(Schema):
    """The setting as it is kept: ``days_before`` in order, each once."""

    days_before = fields.List(
        fields.Integer(metadata={"example": 7}), required=True, metadata={"example": [0, 7]}
    )
    hour = fields.Integer(required=True, metadata={"example": 8})
    tz = fields.String(required=True, metadata={"example": "Europe/Kyiv"})
    enabled = fields.Boolean(required=True, metadata={"example": True})
