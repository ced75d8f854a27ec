"""The entries of a contact's lists: e-mails, phones, addresses and the like."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from marshmallow import ValidationError, fields, validate, validates_schema

from contactsvc.contacts.details import ADDRESS
from contactsvc.contacts.schemas.limits import (
    LABEL_MAX_LENGTH,
    MAX_ENTRIES,
    MAX_TAGS,
    STREET_MAX_LENGTH,
    TAG_MAX_LENGTH,
    TEXT_MAX_LENGTH,
)
from contactsvc.contacts.search import without_doubles
from contactsvc.web.date_fields import YearlessDate
from contactsvc.web.fields import Email, Phone, PlainText, ShortList, Text
from contactsvc.web.schemas import BodySchema

TYPES: Final = ("home", "work", "other")
PHONE_TYPES: Final = (*TYPES, "mobile", "fax", "pager")


class EntryType(Text):
    """One of a few kinds, or null."""

    def __init__(self, kinds: Sequence[str]) -> None:
        self._is_one = validate.OneOf(kinds)
        super().__init__(
            load_default=None,
            allow_none=True,
            max_length=max(map(len, kinds)),
            metadata={"example": kinds[1], "enum": [*kinds, None]},
        )

    def _validate(self, value: str) -> None:
        self._is_one(value)


def text(example: str, max_length: int = TEXT_MAX_LENGTH, **options: Any) -> PlainText:
    """Return the field of a text that is empty where it is not given."""
    return PlainText(
        load_default="", max_length=max_length, metadata={"example": example}, **options
    )


def _label() -> PlainText:
    return text("", LABEL_MAX_LENGTH)


def _value(example: str, max_length: int = TEXT_MAX_LENGTH) -> PlainText:
    return PlainText(
        required=True, min_length=1, max_length=max_length, metadata={"example": example}
    )


class EmailEntrySchema(BodySchema):
    """An e-mail address."""

    value = Email(required=True, metadata={"example": "ada@example.com"})
    type = EntryType(TYPES)
    label = _label()


class PhoneEntrySchema(BodySchema):
    """A telephone number."""

    value = Phone(
        required=True, metadata={"example": "+44 20 7946 0958", "description": "As typed, tidied"}
    )
    e164 = fields.String(
        dump_only=True,
        allow_none=True,
        metadata={
            "example": "+442079460958",
            "description": "In international form, read by the user's region; null where it has "
            "none",
        },
    )
    type = EntryType(PHONE_TYPES)
    label = _label()


class AddressSchema(BodySchema):
    """A postal address; at least one of its parts is not empty."""

    street = text("1 Dorset Street", STREET_MAX_LENGTH, several_lines=True)
    extended = text("")
    po_box = text("")
    city = text("London")
    region = text("")
    postal_code = text("W1U 6SG")
    country = text("United Kingdom")
    type = EntryType(TYPES)
    label = _label()

    @validates_schema
    def _has_a_part(self, data: Mapping[str, Any], **_: Any) -> None:
        if not any(data[name] for name in ADDRESS):
            raise ValidationError("An address needs a street, a city or another part.", "street")


class UrlSchema(BodySchema):
    """A page on the web, or anything else that has a URL."""

    value = _value("https://example.com/ada")
    type = EntryType(TYPES)
    label = _label()


class DateSchema(BodySchema):
    """A day to remember, such as an anniversary."""

    value = YearlessDate(
        required=True,
        metadata={
            "example": "1835-07-08",
            "description": "YYYY-MM-DD, or --MM-DD where the year is unknown",
        },
    )
    label = _label()


class RelationSchema(BodySchema):
    """Somebody who is close to the contact."""

    value = _value("Anne Isabella Byron")
    label = _label()


class CustomSchema(BodySchema):
    """What has no field of its own."""

    label = _label()
    value = _value("Analytical engines")


def entries(schema: type[BodySchema], description: str = "") -> ShortList:
    """Return the field of a list of entries."""
    metadata = {"description": description} if description else {}
    return ShortList(
        fields.Nested(schema), max_length=MAX_ENTRIES, load_default=list, metadata=metadata
    )


class Tags(ShortList):
    """Tags; one that differs from an earlier one by case alone is left out."""

    def __init__(self, **kwargs: Any) -> None:
        tag = PlainText(min_length=1, max_length=TAG_MAX_LENGTH, metadata={"example": "friends"})
        super().__init__(tag, max_length=MAX_TAGS, **kwargs)

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> list[Any]:
        tags: list[Any] = super()._deserialize(value, attr, data, **kwargs)
        return without_doubles(tags)
