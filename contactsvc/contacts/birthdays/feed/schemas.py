"""The URL of a birthday calendar, in paths, queries and answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.birthdays.schemas import leap_day_choice
from contactsvc.web.schemas import QuerySchema, StrictSchema

_SECRET = "1a-7hq2-mx4k-9c0r-5tzw-8b3n-e6dp-j2k4"  # noqa: S105 - an example


class BirthdayFeedAnswer(Schema):
    """Where the calendar is."""

    url = fields.Url(
        required=True,
        metadata={
            "example": f"https://contacts.example.com/api/birthdays/{_SECRET}.ics",
            "description": "Whoever knows it sees the birthdays. Shown this once",
        },
    )


class CalendarPathSchema(StrictSchema):
    """Which calendar. Whatever is no secret is answered as one that nobody has."""

    secret = fields.String(required=True, metadata={"example": _SECRET})


class CalendarQuerySchema(QuerySchema):
    """How the calendar is to be."""

    leap_day = leap_day_choice()
