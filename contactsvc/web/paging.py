"""The query parameters of every list that is answered in pages (see web/listing.py)."""

from marshmallow import validate

from contactsvc.web.fields import QueryInteger, Text
from contactsvc.web.schemas import QuerySchema


def page_limit(default: int, most: int = 200) -> QueryInteger:
    """Return the field for the number of items on a page: 1 to ``most``."""
    return QueryInteger(
        load_default=default,
        validate=validate.Range(min=1, max=most),
        metadata={"description": "Items on a page"},
    )


class PageQuerySchema(QuerySchema):
    """The page size, and the cursor of the page."""

    limit = page_limit(50)
    cursor = Text(
        load_default=None,
        max_length=6000,
        metadata={"description": "The next_cursor of the page before"},
    )
