"""Avatars: what is uploaded, and which one is asked for."""

from typing import ClassVar

from marshmallow import ValidationError, fields, validate, validates

from contactsvc.accounts.avatars.service import COLOURS
from contactsvc.web.fields import QueryInteger, Text
from contactsvc.web.schemas import MULTIPART, BodySchema, StrictSchema


class AvatarSchema(BodySchema):
    """A form with a picture; it describes what is read as a stream, and validates nothing."""

    media_types: ClassVar[tuple[str, ...]] = (MULTIPART,)

    file = fields.String(
        required=True,
        metadata={
            "format": "binary",
            "description": "PNG, JPEG, WebP or GIF; 5 MiB and 40 megapixels at the most",
        },
    )


class DefaultAvatarPathSchema(StrictSchema):
    """All that a default avatar is made of."""

    letters = Text(
        required=True,
        min_length=1,
        max_length=2,
        trim=False,
        metadata={"example": "GH", "description": "Letters or digits, or a question mark"},
    )
    colour = QueryInteger(
        required=True, validate=validate.Range(0, COLOURS - 1), metadata={"example": 18}
    )

    @validates("letters")
    def _validate_letters(self, letters: str, data_key: str) -> None:
        if not letters.isalnum() and letters != "?":
            raise ValidationError("Not letters or digits.")


class AvatarPathSchema(StrictSchema):
    """Which picture."""

    name = Text(
        required=True,
        max_length=100,
        metadata={"example": "0123456789abcdef0123456789abcdef.webp"},
    )
