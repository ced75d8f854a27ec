"""The query of a list of contacts, and the path of one."""

from marshmallow import fields, validate

from contactsvc.contacts.orders import ORDERS
from contactsvc.contacts.schemas.limits import (
    MAX_TAGS,
    NAME_MAX_LENGTH,
    TAG_MAX_LENGTH,
    TEXT_MAX_LENGTH,
)
from contactsvc.web.fields import Id, Text
from contactsvc.web.paging import PageQuerySchema
from contactsvc.web.query_fields import RepeatedText
from contactsvc.web.schemas import StrictSchema
from contactsvc.web.timestamps import Timestamp


def _occurs_in(what: str, max_length: int) -> Text:
    return Text(
        load_default="", max_length=max_length, metadata={"description": f"Occurs in {what}"}
    )


class ContactFilterSchema(PageQuerySchema):
    """Filter and page of a list of contacts."""

    q = Text(
        load_default="",
        max_length=200,
        metadata={
            "description": "Words, each of which occurs in a name, the nickname, the organization, "
            "an e-mail or a phone; of numbers the digits count"
        },
    )
    first_name = _occurs_in("the first name", NAME_MAX_LENGTH)
    last_name = _occurs_in("the last name", NAME_MAX_LENGTH)
    email = _occurs_in("an e-mail", 254)
    # Without load_default, what came after 0.1.0 leaves the cursors of lists without it good.
    organization = Text(
        max_length=TEXT_MAX_LENGTH, metadata={"description": "Occurs in the organization"}
    )
    tag = RepeatedText(
        max_length=TAG_MAX_LENGTH,
        max_count=MAX_TAGS,
        metadata={"description": "A tag, in any case; all of them where it is given several times"},
    )
    favorite = fields.Boolean(metadata={"description": "Whether they are favourites"})
    updated_since = Timestamp(
        metadata={
            "description": "Changed then or later (RFC 3339)",
            "example": "2026-01-31T12:00:00Z",
        }
    )


class ContactQuerySchema(ContactFilterSchema):
    """Filter, order and page of a list of contacts."""

    sort = fields.String(
        load_default="last_name",
        validate=validate.OneOf(list(ORDERS)),
        metadata={"description": "A field; with - before it, descending"},
    )
    include_total = fields.Boolean(
        load_default=False, metadata={"description": "Whether to count all that are found"}
    )


class ContactPathSchema(StrictSchema):
    """The path of one contact."""

    contact_id = Id(required=True, metadata={"example": 7})
