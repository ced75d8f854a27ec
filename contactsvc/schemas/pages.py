"""How long lists are asked for a page at a time."""

from marshmallow import validate

from contactsvc.schemas.base import StrictSchema
from contactsvc.schemas.fields import QueryInteger, Text


class PageQuerySchema(StrictSchema):
    """How many at a time, and where to go on."""

    limit = QueryInteger(
        load_default=50,
        validate=validate.Range(min=1, max=200),
        metadata={"description": "Items on a page"},
    )
    cursor = Text(
        load_default=None,
        max_length=6000,
        metadata={"description": "The next_cursor of the page before"},
    )
