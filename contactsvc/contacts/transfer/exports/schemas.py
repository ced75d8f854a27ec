"""The query of an export."""

from marshmallow import fields, validate

from contactsvc.contacts.schemas.queries import ContactFilterSchema
from contactsvc.contacts.transfer.exports.service import VERSIONS, Format


class ExportQuerySchema(ContactFilterSchema):
    """What is exported, and as what."""

    class Meta:
        """A file has no pages."""

        exclude = ("limit", "cursor")

    format = fields.String(
        validate=validate.OneOf([name.value for name in Format]),
        metadata={"description": "What the file is; by default what Accept says, or else vcard"},
    )
    version = fields.String(
        validate=validate.OneOf(VERSIONS), metadata={"description": "Of vCards; 4.0 by default"}
    )
