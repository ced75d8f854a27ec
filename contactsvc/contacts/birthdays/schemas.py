"""Query and answers of upcoming birthdays."""

from marshmallow import Schema, fields, validate

from contactsvc.contacts.birthdays.service import MAX_DAYS, LeapDay
from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.web.date_fields import TimeZone
from contactsvc.web.fields import QueryInteger
from contactsvc.web.paging import PageQuerySchema, next_page_cursor, page_limit


def leap_day_choice() -> fields.Enum[LeapDay]:
    """Return the field of a query that says when 29 February is celebrated."""
    return fields.Enum(
        LeapDay,
        by_value=True,
        load_default=LeapDay.FEB28,
        metadata={"description": "When those born on 29 February celebrate in a common year"},
    )


class BirthdayQuerySchema(PageQuerySchema):
    """The window, from today in a time zone, and the page."""

    limit = page_limit(200)

    days = QueryInteger(load_default=7, validate=validate.Range(min=0, max=MAX_DAYS))
    tz = TimeZone(load_default="UTC", metadata={"example": "Europe/Kyiv"})
    leap_day = leap_day_choice()


class BirthdayAnswer(ContactAnswer):
    """A contact with its next birthday."""

    next_birthday = fields.Date(required=True, metadata={"example": "2026-12-10"})
    days_until = fields.Integer(required=True, metadata={"example": 3})
    turns = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"example": 211, "description": "null where the year of birth is unknown"},
    )


class BirthdaysAnswer(Schema):
    """A page of the birthdays of a window, the nearest first."""

    from_ = fields.Date(required=True, data_key="from", metadata={"example": "2026-12-07"})
    to = fields.Date(required=True, metadata={"example": "2026-12-14"})
    items = fields.List(fields.Nested(BirthdayAnswer), required=True)
    next_cursor = next_page_cursor()
