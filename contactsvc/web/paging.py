"""The query parameters and the cursor of every list that is answered in pages (web/listing.py)."""

from marshmallow import fields, validate

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


def next_page_cursor() -> fields.String:
    """Return the field of an answer that brings the next page."""
    return fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Brings the next page; null on the last", "example": None},
    )
