"""Duplicates in answers, and the body that tells some apart."""

from collections.abc import Mapping, Sequence
from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

from contactsvc.contacts.duplicates.repository import MAX_IDS
from contactsvc.contacts.match_keys import KINDS
from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.web.fields import MAX_ID
from contactsvc.web.paging import next_page_cursor
from contactsvc.web.schemas import BodySchema


class _ContactId(fields.Integer):
    """The id of a contact: a number of JSON, and not true, which marshmallow takes for 1."""

    def __init__(self) -> None:
        super().__init__(strict=True, validate=validate.Range(min=1, max=MAX_ID))

    def _deserialize(
        self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any
    ) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, attr, data, **kwargs)


def _each_once(ids: Sequence[int]) -> None:
    """Raise ValidationError where an id comes again."""
    twice = {place: ["Given before."] for place, each in enumerate(ids) if each in ids[:place]}
    if twice:
        raise ValidationError(twice)


class DismissalSchema(BodySchema):
    """Contacts that are told apart."""

    ids = fields.List(
        _ContactId(),
        required=True,
        validate=[validate.Length(min=2, max=MAX_IDS), _each_once],
        metadata={
            "example": [7, 12],
            "description": "Each is told apart from all others of them",
        },
    )


class DuplicateAnswer(Schema):
    """Contacts that may be the same person."""

    ids = fields.List(
        fields.Integer(metadata={"format": "int64"}),
        required=True,
        metadata={"example": [7, 12], "description": f"Rising; 2 to {MAX_IDS}"},
    )
    contacts = fields.List(
        fields.Nested(ContactAnswer),
        required=True,
        metadata={"description": "In the order of ids"},
    )
    reasons = fields.List(
        fields.String(validate=validate.OneOf(KINDS)),
        required=True,
        metadata={
            "example": ["same_email", "same_name"],
            "description": "What all of them have in common",
        },
    )
    score = fields.Integer(
        required=True,
        metadata={
            "example": 80,
            "description": "How likely it is, 1 to 100: an e-mail counts most, a name least, and "
            "what more than four contacts share less",
        },
    )


class DuplicatePageAnswer(Schema):
    """A page of duplicates, the likeliest first."""

    items = fields.List(fields.Nested(DuplicateAnswer), required=True)
    next_cursor = next_page_cursor()
