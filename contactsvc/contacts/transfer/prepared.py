"""What an import has ready before it locks the address book: the columns of each contact.

Files are long, and reading one takes longer than writing its contacts: names are weighed, numbers
parsed, photos drawn anew. All of it is done first, and lies in files of the system meanwhile, so
that memory stays flat and other writers of the same book wait for the statements alone.
"""

from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from contactsvc.contacts.columns import of_new
from contactsvc.contacts.schemas.limits import MAX_TAGS
from contactsvc.contacts.search import without_doubles
from contactsvc.contacts.transfer.content_lines import own_line, with_photo
from contactsvc.contacts.transfer.matching import NameRange, marks, name_range
from contactsvc.contacts.transfer.rules import FittedContact

_UIDS: Final = b"contactsvc import "


class Photo(NamedTuple):
    """The photo of a contact of a file.

    Args:
        original: The digest of the bytes as they came.
        digest: The digest of the picture that is kept.
        start: Where its bytes begin in the spool.
        size: How many there are.
    """

    original: str
    digest: str
    start: int
    size: int


class Prepared(NamedTuple):
    """A contact of a file, ready to be written.

    Args:
        line: The line on which it begins.
        fields: The fields that the file has, with ``extra``.
        columns: The columns of a new contact that has these fields.
        name: The range of contacts of its name.
        marks: What it shares with those who are the same.
        photo: Its photo.
    """

    line: int
    fields: dict[str, Any]
    columns: dict[str, Any]
    name: NameRange
    marks: tuple[int, ...]
    photo: Photo | None = None


def prepared(contact: FittedContact, region: str | None, tag: str = "") -> Prepared:
    """Return a contact that is ready to be written, without its photo.

    Args:
        contact: The contact; its lists are taken over.
        region: The ISO 3166-1 alpha-2 code of the region that numbers without a country are read
            by; None leaves them as typed.
        tag: A tag that it gets besides its own; empty is none.
    """
    fields, extra = contact.fields, contact.extra
    if "uid" not in fields:
        fields["uid"] = _uid_of(fields, extra)
    if tag:
        tags = without_doubles([tag, *fields.get("tags", ())])
        fields["tags"] = tags[:MAX_TAGS]
        extra = [*extra, *(own_line("tag", each) for each in tags[MAX_TAGS:])]
    if extra:
        fields["extra"] = extra
    columns = of_new(fields, region)
    details, name = columns["details"], name_range(columns)
    shared = tuple(marks(name.first, details["emails"], details["phones"]))
    return Prepared(contact.line, fields, columns, name, shared)


def keep_photo(contact: Prepared, read: FittedContact) -> bool:
    """Keep a photo that cannot be drawn as a content line, by which exports have it.

    Args:
        contact: The contact that gets the line.
        read: The contact as the file has it, with its photo.

    Returns:
        Whether there was room for it.
    """
    lines = with_photo(contact.fields.get("extra", ()), read.photo_start, read.photo or b"")
    if lines is not None:
        contact.fields["extra"] = contact.columns["extra"] = lines
    return lines is not None


def _uid_of(fields: Mapping[str, Any], extra: Sequence[str]) -> str:
    """Return a uid made of all that a file says, so that the same file again adds nothing."""
    said = orjson.dumps([fields, extra], option=orjson.OPT_SORT_KEYS)
    return str(UUID(bytes=sha256(_UIDS + said).digest()[:16], version=5))
