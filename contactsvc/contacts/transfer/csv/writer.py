"""Contacts as a CSV file, of which an import gives the same contacts."""

import csv
from collections.abc import Mapping, Sequence
from typing import Any, Final

from contactsvc.contacts.details import ADDRESS
from contactsvc.contacts.transfer.csv import more
from contactsvc.contacts.transfer.csv.dates import day
from contactsvc.contacts.transfer.csv.guard import guarded
from contactsvc.contacts.transfer.csv.labels import JOINT
from contactsvc.contacts.transfer.csv.layout import AFTER, BEFORE, ENTRIES, HEADER, MORE

BOM: Final = "\ufeff"
"""By which Excel knows that a file is UTF-8."""

_DAYS: Final = ("birthday", "dates")


class _Echo:
    """A file that gives back what is written."""

    def write(self, text: str) -> str:
        return text


_ROWS: Final[Any] = csv.writer(_Echo())


def header() -> str:
    """Return the first line; all lines are to be sent in UTF-8."""
    return BOM + _line(HEADER)


def line(contact: Mapping[str, Any], extra: Sequence[str] = ()) -> str:
    """Return the line of a contact.

    Args:
        contact: The fields that clients write, ``uid``, and the lists; a photo is not exported.
        extra: Lines of a vCard that have no field.
    """
    rest: dict[str, Any] = {}
    cells = [_text(contact, name, rest) for name in BEFORE]
    for field in ENTRIES:
        cells += _entries(contact.get(field) or (), field, rest)
    cells += [_text(contact, name, rest) for name in AFTER if name not in ("tags", "favorite")]
    cells.append(_tags(contact.get("tags") or [], rest))
    cells.append("true" if contact.get("favorite") else "")
    pieces = more.written(rest, extra)
    return _line([*cells, *pieces, *([""] * (len(MORE) - len(pieces)))])


def _line(cells: Sequence[str]) -> str:
    written: str = _ROWS.writerow([guarded(cell) for cell in cells])
    return written


def _text(contact: Mapping[str, Any], name: str, rest: dict[str, Any]) -> str:
    text = contact.get(name) or ""
    if not text or (_is_day_kept(text) if name in _DAYS else _is_kept(text)):
        return str(text)
    rest[name] = text
    return ""


def _entries(entries: Sequence[Mapping[str, Any]], field: str, rest: dict[str, Any]) -> list[str]:
    """Return the cells of a list; what has none, and all after it, goes to the rest."""
    _, most, parts = ENTRIES[field]
    cells: list[str] = []
    columns = 0
    for entry in entries[:most]:
        texts = [entry.get(part) or "" for part in parts]
        if not _is_entry_kept(texts, is_day=field in _DAYS):
            break
        cells += texts
        columns += 1
    rest[field] = [
        {name: value for name, value in entry.items() if name != "e164"}
        for entry in entries[columns:]
    ]
    return cells + [""] * (most * len(parts) - len(cells))


def _is_entry_kept(texts: Sequence[str], *, is_day: bool) -> bool:
    """Return whether the cells of an entry are read as they were written, the first a value."""
    if is_day:
        return _is_day_kept(texts[0]) and _is_kept(texts[1])
    is_address = len(texts) > len(("value", "type", "label"))
    return any(texts[: len(ADDRESS)] if is_address else texts[:1]) and all(map(_is_kept, texts))


def _tags(tags: Sequence[str], rest: dict[str, Any]) -> str:
    joined = JOINT.join(tags)
    if _is_kept(joined) and joined.split(JOINT) == (list(tags) or [""]):
        return joined
    rest["tags"] = list(tags)
    return ""


def _is_kept(text: str) -> bool:
    """Return whether a cell is read as it was written: its ends, and what ends its lines."""
    return "\r" not in text and text == text.strip()


def _is_day_kept(text: str) -> bool:
    """Return whether a day is read as it was written: some years stand for none elsewhere."""
    try:
        return day(text, is_day_first=None).value == text
    except ValueError:
        return False
