"""Avatars: what is uploaded, and which one is asked for."""

from typing import ClassVar

from marshmallow import fields

from contactsvc.schemas.base import MULTIPART, BodySchema, StrictSchema
from contactsvc.schemas.fields import Text


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


class AvatarPathSchema(StrictSchema):
    """Which picture."""

    name = Text(
        required=True,
        max_length=100,
        metadata={"example": "0123456789abcdef0123456789abcdef.webp"},
    )
