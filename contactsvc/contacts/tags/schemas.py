"""Tags in paths, bodies and answers."""

from marshmallow import Schema, fields

from contactsvc.contacts.schemas.limits import TAG_MAX_LENGTH
from contactsvc.web.fields import PlainText
from contactsvc.web.schemas import BodySchema, StrictSchema


def _name() -> PlainText:
    return PlainText(
        required=True, min_length=1, max_length=TAG_MAX_LENGTH, metadata={"example": "friends"}
    )


class TagPathSchema(StrictSchema):
    """The path of a tag, in any case."""

    name = _name()


class TagSchema(BodySchema):
    """The new name of a tag."""

    name = _name()


class TagAnswer(Schema):
    """A tag, spelled as most of its contacts have it."""

    name = fields.String(required=True, metadata={"example": "friends"})
    contacts = fields.Integer(
        required=True, metadata={"example": 12, "description": "How many have it"}
    )


class TagsAnswer(Schema):
    """All tags in the order of their names; of more than 10,000 those that are used most."""

    items = fields.List(fields.Nested(TagAnswer), required=True)
