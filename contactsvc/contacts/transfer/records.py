"""What a reader of files finds: contacts as they are written there, and what it cannot read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Remark:
    """A note on something in a file.

    Attributes:
        line: The line, counted from 1.
        pointer: A JSON pointer (RFC 6901) to the field of the contact, or empty.
        detail: What is wrong, and what became of it.
    """

    line: int
    pointer: str
    detail: str


class ReadContact(NamedTuple):
    """A contact of a file, before it is made to keep the rules of this service.

    Args:
        line: The line on which it begins, counted from 1.
        fields: What the file says of the fields that clients write (``DEFAULTS`` in rows.py), of
            the lists (``LISTS`` in details.py) and of ``uid``. A field that the file does not have
            is missing. Texts may be too long, e-mails no e-mails.
        extra: Content lines of a vCard that have no field, unfolded, in their order.
        photo: The bytes of an image.
        photo_start: The content line of the photo in vCard 4.0 up to its base64, by which it is
            kept where it cannot be drawn.
        remarks: What was read otherwise than it stands there.
    """

    line: int
    fields: Mapping[str, Any]
    extra: Sequence[str] = ()
    photo: bytes | None = None
    photo_start: str = ""
    remarks: Sequence[Remark] = ()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A place of a file that costs itself alone: a card or a row of which nothing can be read."""

    remark: Remark


Read = ReadContact | Unreadable
