"""Which contacts are to be merged, and what has become of them."""

from typing import Any, ClassVar, Final

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.contacts.schemas.bodies import ContactPatchSchema
from contactsvc.web.fields import MAX_ID, StrictBoolean
from contactsvc.web.schemas import BodySchema, QuerySchema

MAX_FROM: Final = 20
"""Contacts that are merged into one at a time: some 20 MB, where all are at their limits."""

_DRY_RUN: Final = "Whether to show what would become of them, and change nothing"


def _id(**metadata: Any) -> fields.Integer:
    return fields.Integer(
        strict=True,
        required=True,
        validate=validate.Range(min=1, max=MAX_ID),
        metadata={"format": "int64", **metadata},
    )


class MergeSchema(BodySchema):
    """Which contacts are to be merged."""

    into = _id(example=1, description="The contact that stays; what it has comes first")
    contact = fields.Nested(
        ContactPatchSchema,
        load_default=dict,
        metadata={
            "example": {"nickname": "Countess"},
            "description": "Fields that it gets whatever the contacts have: a merge patch",
        },
    )
    dry_run = StrictBoolean(
        load_default=False,
        metadata={"example": False, "description": f"{_DRY_RUN}; also in the query"},
    )

    class Meta(BodySchema.Meta):
        """A field that Python has no name for."""

        include: ClassVar = {
            "from": fields.List(
                _id(),
                required=True,
                validate=validate.Length(min=1, max=MAX_FROM),
                metadata={
                    "example": [2],
                    "description": "The contacts that are merged into it; they go into the trash",
                },
            )
        }

    @validates_schema
    def _each_is_another(self, data: dict[str, Any], **_: Any) -> None:
        """Refuse to merge a contact into itself, or twice."""
        seen = {data["into"]}
        errors: dict[int, list[str]] = {}
        for place, other in enumerate(data["from"]):
            if other in seen:
                what = "is named before" if other != data["into"] else "is the one that stays"
                errors[place] = [f"The contact {what}; leave it out."]
            seen.add(other)
        if errors:
            raise ValidationError({"from": errors})


class MergeQuerySchema(QuerySchema):
    """Whether the contacts are to be merged."""

    dry_run = fields.Boolean(
        load_default=False, metadata={"description": f"{_DRY_RUN}; also in the body"}
    )


class MergeAnswer(Schema):
    """What has become of contacts that were merged."""

    contact = fields.Nested(
        ContactAnswer, required=True, metadata={"description": "The contact that stays"}
    )
    operation_id = fields.Integer(
        required=True,
        allow_none=True,
        metadata={
            "example": 3,
            "format": "int64",
            "description": "By which it can be undone; null in a dry run",
        },
    )
