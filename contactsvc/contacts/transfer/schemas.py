"""The query of an import, and what it answers."""

from typing import Final

from marshmallow import Schema, fields, validate

from contactsvc.contacts.schemas.limits import TAG_MAX_LENGTH
from contactsvc.contacts.transfer.report import SHOWN
from contactsvc.contacts.transfer.writing import OnDuplicate
from contactsvc.web.fields import PlainText, Region
from contactsvc.web.query_fields import RepeatedText
from contactsvc.web.schemas import QuerySchema

MAX_MAPPED: Final = 200
"""Columns of a CSV file that a query may name."""


class ImportQuerySchema(QuerySchema):
    """How a file is to be imported."""

    dry_run = fields.Boolean(
        load_default=False,
        metadata={"description": "Whether to tell what would be done, and change nothing"},
    )
    on_duplicate = fields.String(
        load_default=OnDuplicate.SKIP.value,
        validate=validate.OneOf([how.value for how in OnDuplicate]),
        metadata={
            "description": "What becomes of a contact that is there already, by its uid, or by its "
            "name with an e-mail or number in common: it is left as it is, gets what the file has "
            "of it and loses nothing, or is added once more"
        },
    )
    region = Region(
        metadata={
            "description": "Where numbers without a country are dialled; by default the user's "
            "region",
            "example": "GB",
        }
    )
    tag = PlainText(
        load_default="",
        max_length=TAG_MAX_LENGTH,
        metadata={"description": "A tag for every contact", "example": ""},
    )
    map = RepeatedText(
        load_default=(),
        max_length=300,
        max_count=MAX_MAPPED,
        metadata={
            "description": "`Column:field`, what a column of a CSV file is to be read as, such as "
            "`Handy:phones.mobile` or `Badge:ignore`; columns that are not named are known by "
            "their names"
        },
    )


class RemarkAnswer(Schema):
    """A note on something in the file."""

    line = fields.Integer(required=True, metadata={"example": 12})
    pointer = fields.String(
        required=True,
        metadata={"example": "/birthday", "description": "The field, or empty (RFC 6901)"},
    )
    detail = fields.String(
        required=True,
        metadata={"example": "Not a date in the past: kept as a custom field."},
    )


class MappedColumnAnswer(Schema):
    """What a column of a CSV file is read as."""

    column = fields.String(required=True, metadata={"example": "E-mail 1 - Value"})
    field = fields.String(required=True, metadata={"example": "emails"})


def _count(description: str, example: int) -> fields.Integer:
    return fields.Integer(required=True, metadata={"description": description, "example": example})


class ImportAnswer(Schema):
    """What an import has done, or would do."""

    total = _count("Contacts of the file", 4)
    created = _count("Added", 2)
    updated = _count("There already, and changed", 0)
    skipped = _count("There already, and left as they were", 1)
    failed = _count("Not to be read", 1)
    operation_id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "description": "By which it can be undone; null where nothing was changed",
            "example": 3,
            "format": "int64",
        },
    )
    errors = fields.List(
        fields.Nested(RemarkAnswer),
        required=True,
        metadata={"description": f"The first {SHOWN} of what could not be read"},
    )
    error_count = _count("All of them", 1)
    warnings = fields.List(
        fields.Nested(RemarkAnswer),
        required=True,
        metadata={"description": f"The first {SHOWN} of what was read otherwise than it stands"},
    )
    warning_count = _count("All of them", 1)
    mapping = fields.List(
        fields.Nested(MappedColumnAnswer),
        metadata={"description": "In a dry run of a CSV file, what each column is read as"},
    )
