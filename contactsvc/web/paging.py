"""How long lists are asked for a page at a time."""

from marshmallow import validate

from contactsvc.web.fields import QueryInteger, Text
from contactsvc.web.schemas import StrictSchema


def page_limit(default: int) -> QueryInteger:
    """Return the field of how many items may stand on a page: 1 to 200."""
    return QueryInteger(
        load_default=default,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "Items on a page"},
    )


class PageQuerySchema(StrictSchema):
    """How many at a time, and where to go on."""

    limit = page_limit(50)
    cursor = Text(
        load_default=None,
        max_length=6000,
        metadata={"description": "The next_cursor of the page before"},
    )
