"""Contacts that are ready to be written, in files of the system, so that memory stays flat."""

from collections.abc import Iterator, Sequence
from tempfile import TemporaryFile
from typing import Any, Final, NamedTuple

import orjson

from contactsvc.contacts.details import LISTS
from contactsvc.contacts.transfer.copied import NewRow, values_of
from contactsvc.contacts.transfer.matching import NameRange, range_of
from contactsvc.contacts.transfer.prepared import Photo, Prepared
from contactsvc.platform.errors import PayloadTooLarge

MAX_READY: Final = 256 * 1024 * 1024
"""Bytes of all that is ready of a file. 50,000 contacts with twenty phones each fit, and twice the
text of the largest file. Photos that grow as they are drawn, and control characters, may not."""

_BYTES: Final = "latin-1"
_NOT_MERGED: Final = ("search_key", "search_more", "last_name_sort", "first_name_sort")
"""Columns that are made anew where a contact changes."""


class Ready(NamedTuple):
    """A contact as it is written, or met by another one.

    Args:
        line: The line of the file on which it begins.
        row: The row of a new contact.
        name: The range of contacts of its name.
        marks: What it shares with those who are the same.
        photo: Its photo.
        said: The fields that the file has, and the columns, as JSON; empty if nobody will ask.
    """

    line: int
    row: NewRow
    name: NameRange
    marks: tuple[int, ...]
    photo: Photo | None
    said: bytes

    def columns(self) -> dict[str, Any]:
        """Return the columns of a new contact, but those that it is found and sorted by."""
        columns: dict[str, Any] = orjson.loads(self.said)[1]
        return columns

    def fields(self) -> dict[str, Any]:
        """Return the fields that the file has, as the columns have them."""
        names, columns = orjson.loads(self.said)
        details = columns["details"]
        return {name: details[name] if name in LISTS else columns[name] for name in names}

    def changed(self, columns: dict[str, Any], photo: Photo | None) -> "Ready":
        """Return the contact with other columns, before it is written."""
        return self._replace(
            row=self.row._replace(values=values_of(columns)), photo=photo, said=_said([], columns)
        )


def ready(each: Prepared, *, is_merged: bool) -> Ready:
    """Return a contact that is ready to be written.

    Args:
        each: The contact, with its photo.
        is_merged: Whether it changes those who are the same, so that its fields will be needed.
    """
    said = _said(list(each.fields), each.columns) if is_merged else b""
    row = NewRow(each.columns["uid"], each.columns["card_name"], values_of(each.columns))
    return Ready(each.line, row, each.name, each.marks, each.photo, said)


def _said(fields: Sequence[str], columns: dict[str, Any]) -> bytes:
    kept = {name: value for name, value in columns.items() if name not in _NOT_MERGED}
    return orjson.dumps([fields, kept])


class Spool:
    """Batches of contacts, and their photos, in files of the system that nobody else can open.

    What is added raises PayloadTooLarge where it is more than MAX_READY in all.
    """

    def __init__(self) -> None:
        self._batches = TemporaryFile()  # noqa: SIM115 - close() closes it
        self._sizes: list[tuple[int, int]] = []
        self._photos = TemporaryFile()  # noqa: SIM115 - close() closes it
        self._end = 0

    def add(self, batch: Sequence[Ready]) -> None:
        """Add contacts behind those that are there."""
        head = orjson.dumps([_head(each) for each in batch])
        body = b"".join([part for each in batch for part in (each.row.values, each.said)])
        place = sum(map(sum, self._sizes))
        self._sizes.append((len(head), len(body)))
        self._check_size()
        self._batches.seek(place)
        self._batches.write(head + body)

    def add_photo(self, content: bytes) -> tuple[int, int]:
        """Add the bytes of a photo, and return where they begin and how many there are."""
        start, self._end = self._end, self._end + len(content)
        self._check_size()
        self._photos.seek(start)
        self._photos.write(content)
        return start, len(content)

    def _check_size(self) -> None:
        if sum(map(sum, self._sizes)) + self._end > MAX_READY:
            detail = (
                f"What an import has to keep has more than {MAX_READY // 1024**2} MiB; divide it."
            )
            raise PayloadTooLarge(detail)

    def photo(self, photo: Photo) -> bytes:
        """Return the bytes of a photo."""
        self._photos.seek(photo.start)
        return self._photos.read(photo.size)

    def batches(self) -> Iterator[list[Ready]]:
        """Yield the batches in the order in which they were added, from the first one on."""
        place = 0
        for head, body in self._sizes:
            self._batches.seek(place)
            place += head + body
            yield list(_restored(orjson.loads(self._batches.read(head)), self._batches.read(body)))

    def close(self) -> None:
        """Let the files go."""
        self._batches.close()
        self._photos.close()


def _head(each: Ready) -> list[Any]:
    """Return a contact as JSON has it, with the sizes of what is no JSON of it."""
    sizes = len(each.row.values), len(each.said)
    photo = each.photo and tuple(each.photo)
    name = each.name.first.decode(_BYTES)
    return [each.line, each.row.uid, each.row.card_name, name, each.marks, photo, *sizes]


def _restored(heads: Sequence[Any], body: bytes) -> Iterator[Ready]:
    place = 0
    for line, uid, card_name, name, marks, photo, values, said in heads:
        middle, end = place + values, place + values + said
        yield Ready(
            line,
            NewRow(uid, card_name, body[place:middle]),
            range_of(name.encode(_BYTES)),
            tuple(marks),
            photo and Photo(*photo),
            body[middle:end],
        )
        place = end
