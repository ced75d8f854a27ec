"""What clients send of a contact."""

from typing import Any, ClassVar, Final

from marshmallow import fields, missing, post_load

from contactsvc.contacts.details import FIRSTS
from contactsvc.contacts.rows import DEFAULTS
from contactsvc.contacts.schemas.entries import (
    AddressSchema,
    CustomSchema,
    DateSchema,
    EmailEntrySchema,
    PhoneEntrySchema,
    RelationSchema,
    Tags,
    UrlSchema,
    entries,
    text,
)
from contactsvc.contacts.schemas.limits import NAME_MAX_LENGTH, NOTES_MAX_LENGTH, TEXT_MAX_LENGTH
from contactsvc.web.date_fields import Birthday
from contactsvc.web.fields import Email, Phone, PlainText, StrictBoolean, Text
from contactsvc.web.schemas import JSON, MERGE_PATCH, BodySchema

_NOT_GIVEN: Final = (*FIRSTS, *FIRSTS.values())
"""Fields without a default: that one of them is missing tells what the client means."""


def _moment() -> fields.AwareDateTime:
    """Return the field of a time that only the service sets."""
    return fields.AwareDateTime(dump_only=True, metadata={"example": "2026-01-31T12:00:00.000000Z"})


def _own_uid() -> PlainText:
    """Return the field of the uid; if it is sent, it must be the contact's."""
    # No example: it would have to be the uid of the contact in the example's path.
    return PlainText(
        min_length=1,
        max_length=TEXT_MAX_LENGTH,
        metadata={"description": "If sent, the contact's own: it never changes"},
    )


def _own_id() -> fields.Integer:
    """Return the field of the id; if it is sent, it must be the one in the path."""
    # No example: it would have to be the id in the example's path.
    return fields.Integer(
        strict=True, metadata={"format": "int64", "description": "If sent, the one in the path"}
    )


def _name(example: str) -> PlainText:
    return text(example, NAME_MAX_LENGTH)


class ContactSchema(BodySchema):
    """The body of a new contact; a missing field takes its default.

    At least one of first_name, last_name, nickname, organization, e-mail and phone is needed.
    """

    id = fields.Integer(dump_only=True, metadata={"example": 7, "format": "int64"})
    uid = PlainText(
        min_length=1,
        max_length=TEXT_MAX_LENGTH,
        metadata={
            "example": "5f0c1c9e-1815-4a00-9f00-000000000007",
            "description": "RFC 6350, 6.7.6; made where it is not given, and never changed",
        },
    )
    book_id = fields.Integer(dump_only=True, metadata={"example": 1, "format": "int64"})
    display_name = fields.String(
        dump_only=True,
        metadata={
            "example": "Ada Lovelace",
            "description": "The name, or else the organization, the nickname, the e-mail or the "
            "phone",
        },
    )
    first_name = _name("Ada")
    last_name = _name("Lovelace")
    middle_name = _name("")
    prefix = _name("")
    suffix = _name("")
    nickname = _name("Countess")
    organization = text("Analytical Society")
    department = text("Engines")
    title = text("Programmer")
    email = Email(
        allow_none=True,
        metadata={
            "example": "ada@example.com",
            "description": "The first of emails; null removes that one",
        },
    )
    phone = Phone(
        allow_none=True,
        metadata={
            "example": "+442079460958",
            "description": "The first of phones: in E.164 where it is a valid number, read by the "
            "user's region, or else as typed; null removes that one",
        },
    )
    emails = entries(EmailEntrySchema, "The first is email")
    phones = entries(PhoneEntrySchema, "The first is phone")
    addresses = entries(AddressSchema)
    urls = entries(UrlSchema)
    dates = entries(DateSchema)
    relations = entries(RelationSchema)
    custom = entries(CustomSchema)
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
    tags = Tags(load_default=list, metadata={"description": "Told apart without case"})
    favorite = StrictBoolean(load_default=False, metadata={"example": True})
    photo_url = fields.String(
        dump_only=True,
        allow_none=True,
        metadata={
            "example": "https://contacts.example.com/api/contacts/7/photo",
            "format": "uri",
            "description": "null where there is no photo",
        },
    )
    created_at = _moment()
    updated_at = _moment()

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Leave out what is not given where that tells something."""
        super().on_bind_field(field_name, field_obj)
        if field_name in _NOT_GIVEN:
            field_obj.load_default = missing


class ContactReplacementSchema(ContactSchema):
    """The body that replaces a contact; a missing field takes its default."""

    id = _own_id()
    uid = _own_uid()


class ContactPatchSchema(ContactReplacementSchema):
    """A merge patch (RFC 7396): null clears, absent keeps, lists are replaced as a whole."""

    media_types: ClassVar[tuple[str, ...]] = (MERGE_PATCH, JSON)

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """Make a field optional, without a default, and nullable if it has one to be set to."""
        super().on_bind_field(field_name, field_obj)
        field_obj.load_default = missing
        if field_name in DEFAULTS:
            field_obj.allow_none = True
            if isinstance(field_obj, Text):
                field_obj.empty_is_null = True

    @post_load
    def _clear(self, data: dict[str, Any], **_: Any) -> dict[str, Any]:
        return {name: _default(name) if value is None else value for name, value in data.items()}


def _default(name: str) -> Any:
    default = DEFAULTS[name]
    return list(default) if isinstance(default, list) else default
