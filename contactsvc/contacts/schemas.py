"""Bodies, queries and answers of contacts."""

from typing import Any, ClassVar

from marshmallow import Schema, fields, missing, post_load, validate

from contactsvc.contacts.repository import SORTS
from contactsvc.contacts.rows import DEFAULTS
from contactsvc.web.fields import Birthday, Email, Id, Phone, PlainText, Text
from contactsvc.web.paging import PageQuerySchema
from contactsvc.web.schemas import JSON, MERGE_PATCH, BodySchema, StrictSchema

NAME_MAX_LENGTH = 100
NOTES_MAX_LENGTH = 10_000


def _moment() -> fields.AwareDateTime:
    """Return the field of a time that only the service sets."""
    return fields.AwareDateTime(dump_only=True, metadata={"example": "2026-01-31T12:00:00.000000Z"})


def _own_id() -> fields.Integer:
    """Return the field of the id; if it is sent, it must be the one in the path."""
    # No example: it would have to be the id in the example's path.
    return fields.Integer(
        strict=True, metadata={"format": "int64", "description": "If sent, the one in the path"}
    )


class ContactSchema(BodySchema):
    """The body of a new contact; a missing field takes its default."""

    first_name = PlainText(
        required=True, min_length=1, max_length=NAME_MAX_LENGTH, metadata={"example": "Ada"}
    )
    last_name = PlainText(
        load_default="", max_length=NAME_MAX_LENGTH, metadata={"example": "Lovelace"}
    )
    email = Email(load_default=None, allow_none=True, metadata={"example": "ada@example.com"})
    phone = Phone(
        load_default=None,
        allow_none=True,
        metadata={
            "example": "+442079460958",
            "description": "Whatever can be dialled, up to 64 characters; answered as E.164 "
            "where it is a valid number, read by the user's region, or else as typed",
        },
    )
    birthday = Birthday(
        load_default=None,
        allow_none=True,
        metadata={
            "example": "1815-12-10",
            "description": "YYYY-MM-DD, today somewhere on earth or earlier; --MM-DD where the "
            "year is unknown",
        },
    )
    notes = PlainText(
        load_default="",
        several_lines=True,
        max_length=NOTES_MAX_LENGTH,
        trim=False,
        metadata={"example": "Wrote the first program."},
    )
    created_at = _moment()
    updated_at = _moment()


class ContactReplacementSchema(ContactSchema):
    """The body that replaces a contact; a missing field takes its default."""

    id = _own_id()


class ContactPatchSchema(ContactReplacementSchema):
    """A merge patch (RFC 7396): null clears, absent keeps; required fields cannot be cleared."""

    media_types: ClassVar[tuple[str, ...]] = (MERGE_PATCH, JSON)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Make a field optional, without a default, and nullable if it had a default."""
        super().on_bind_field(field_name, field_obj)
        if field_obj.load_default is not missing:
            field_obj.load_default = missing
            field_obj.allow_none = True
            if isinstance(field_obj, Text):
                field_obj.empty_is_null = True
        field_obj.required = False

    @post_load
    def _clear(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: DEFAULTS[name] if value is None else value for name, value in data.items()}


class ContactAnswer(Schema):
    """A contact in answers."""

    id = fields.Integer(required=True, metadata={"example": 7, "format": "int64"})
    first_name = fields.String(required=True, metadata={"example": "Ada"})
    last_name = fields.String(required=True, metadata={"example": "Lovelace"})
    email = fields.Email(required=True, allow_none=True, metadata={"example": "ada@example.com"})
    phone = fields.String(required=True, allow_none=True, metadata={"example": "+442079460958"})
    birthday = fields.String(required=True, allow_none=True, metadata={"example": "1815-12-10"})
    notes = fields.String(required=True, metadata={"example": "Wrote the first program."})
    created_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-01-31T12:00:00.000000Z"}
    )
    updated_at = fields.AwareDateTime(
        required=True, metadata={"example": "2026-01-31T12:00:00.000000Z"}
    )


class ContactPageAnswer(Schema):
    """A page of contacts."""

    items = fields.List(fields.Nested(ContactAnswer), required=True)
    next_cursor = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Brings the next page; null on the last", "example": None},
    )
    total = fields.Integer(metadata={"description": "With include_total alone", "example": 1})


class ContactQuerySchema(PageQuerySchema):
    """Filter, order and page of a list of contacts."""

    q = Text(
        load_default="",
        max_length=200,
        metadata={
            "description": "Words, each of which occurs in a name, the e-mail or the phone; of "
            "numbers the digits count"
        },
    )
    first_name = Text(
        load_default="",
        max_length=NAME_MAX_LENGTH,
        metadata={"description": "Occurs in the first name"},
    )
    last_name = Text(
        load_default="",
        max_length=NAME_MAX_LENGTH,
        metadata={"description": "Occurs in the last name"},
    )
    email = Text(load_default="", max_length=254, metadata={"description": "Occurs in the e-mail"})
    sort = fields.String(
        load_default="last_name",
        validate=validate.OneOf([sign + name for name in SORTS for sign in ("", "-")]),
        metadata={"description": "A field; with - before it, descending"},
    )
    include_total = fields.Boolean(
        load_default=False, metadata={"description": "Whether to count all that are found"}
    )


class ContactPathSchema(StrictSchema):
    """The path of one contact."""

    contact_id = Id(required=True, metadata={"example": 7})
