"""What an import has ready before it locks the address book: the columns of each contact.

Files are long, and reading one takes longer than writing its contacts: names are weighed, numbers
parsed, photos drawn anew. All of it is done first, and lies in files of the system meanwhile, so
that memory stays flat and other writers of the same book wait for the statements alone.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from tempfile import TemporaryFile
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from contactsvc.contacts.columns import of_new
from contactsvc.contacts.schemas.limits import MAX_TAGS
from contactsvc.contacts.search import without_doubles
from contactsvc.contacts.transfer.content_lines import MAX_EXTRA, own_line, within_bounds
from contactsvc.contacts.transfer.matching import NameRange, marks, name_range
from contactsvc.contacts.transfer.rules import FittedContact
from contactsvc.platform.errors import PayloadTooLarge

BATCH: Final = 250
"""Contacts that are prepared, and written, at a time: some 10 ms of the event loop."""

MAX_READY: Final = 256 * 1024 * 1024
"""Bytes of all that is ready of a file. 50,000 contacts with twenty phones each fit, and twice the
text of the largest file. Photos that grow as they are drawn, and control characters, may not."""

_SORT_KEYS: Final = ("last_name_sort", "first_name_sort")
_BYTES: Final = "latin-1"
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
    photo = read.photo or b""
    if not read.photo_start or len(photo) > MAX_EXTRA:
        return False
    line = read.photo_start + b64encode(photo).decode()
    lines, left_out = within_bounds([*contact.fields.get("extra", ()), line])
    if not left_out:
        contact.fields["extra"] = contact.columns["extra"] = lines
    return not left_out


def _json(each: Prepared) -> dict[str, Any]:
    """Return a contact as JSON has it, in which the bytes of sort keys are characters."""
    keys = {name: each.columns[name].decode(_BYTES) for name in _SORT_KEYS}
    name = [end.decode(_BYTES) for end in each.name]
    photo = each.photo and tuple(each.photo)
    return each._asdict() | {"columns": each.columns | keys, "name": name, "photo": photo}


def _restored(values: dict[str, Any]) -> Prepared:
    columns, photo = values["columns"], values["photo"]
    keys = {name: columns[name].encode(_BYTES) for name in _SORT_KEYS}
    return Prepared(
        values["line"],
        values["fields"],
        columns | keys,
        NameRange(*(end.encode(_BYTES) for end in values["name"])),
        tuple(values["marks"]),
        photo and Photo(*photo),
    )


def _uid_of(fields: Mapping[str, Any], extra: Sequence[str]) -> str:
    """Return a uid made of all that a file says, so that the same file again adds nothing."""
    said = orjson.dumps([fields, extra], option=orjson.OPT_SORT_KEYS)
    return str(UUID(bytes=sha256(_UIDS + said).digest()[:16], version=5))


class Spool:
    """Batches of contacts, and their photos, in files of the system that nobody else can open.

    What is added raises PayloadTooLarge where it is more than MAX_READY in all.
    """

    def __init__(self) -> None:
        self._batches = TemporaryFile()  # noqa: SIM115 - close() closes it
        self._sizes: list[int] = []
        self._photos = TemporaryFile()  # noqa: SIM115 - close() closes it
        self._end = 0

    def add(self, batch: Sequence[Prepared]) -> None:
        """Add contacts behind those that are there."""
        written = orjson.dumps([_json(each) for each in batch])
        place = sum(self._sizes)
        self._sizes.append(len(written))
        self._check_size()
        self._batches.seek(place)
        self._batches.write(written)

    def add_photo(self, content: bytes) -> tuple[int, int]:
        """Add the bytes of a photo, and return where they begin and how many there are."""
        start, self._end = self._end, self._end + len(content)
        self._check_size()
        self._photos.seek(start)
        self._photos.write(content)
        return start, len(content)

    def _check_size(self) -> None:
        if sum(self._sizes) + self._end > MAX_READY:
            detail = (
                f"What an import has to keep has more than {MAX_READY // 1024**2} MiB; divide it."
            )
            raise PayloadTooLarge(detail)

    def photo(self, photo: Photo) -> bytes:
        """Return the bytes of a photo."""
        self._photos.seek(photo.start)
        return self._photos.read(photo.size)

    def batches(self) -> Iterator[list[Prepared]]:
        """Yield the batches in the order in which they were added, from the first one on."""
        place = 0
        for size in self._sizes:
            self._batches.seek(place)
            batch = orjson.loads(self._batches.read(size))
            place += size
            yield [_restored(each) for each in batch]

    def close(self) -> None:
        """Let the files go."""
        self._batches.close()
        self._photos.close()
