"""The columns of an own file that have what the others cannot hold, as JSON."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from contactsvc.contacts.details import ADDRESS, LISTS
from contactsvc.contacts.transfer.csv.layout import MORE
from contactsvc.contacts.transfer.csv.targets import TEXTS

EXTRA: Final = "extra"
"""The member that has lines of an imported vCard."""

LEFT_OUT: Final = "left_out"
"""The member that tells how many such lines had no room."""

PIECE_LENGTH: Final = 32_000
"""Characters of a piece: Excel cuts off what a cell has beyond 32,767."""
LONG_PIECE_LENGTH: Final = 130_000
"""Characters of a piece where those would not hold all: beyond 131,072 ``csv`` reads no cell."""
CAPACITY: Final = len(MORE) * LONG_PIECE_LENGTH
"""Characters of all pieces. All content lines that a contact keeps need fewer."""
WRITTEN_CAPACITY: Final = 900_000
"""Characters of all pieces with each quotation mark counted twice, as it is written: with the other
columns at their limits, too, a row has no more than are read (``MAX_LINE_LENGTH``)."""

_WHITE_SPACE: Final = re.compile(r"[^\S ]")
_SPACE_AT_END: Final = re.compile(r"\A | \Z")
_PARTS: Final = ("value", "type", "label", *ADDRESS)


class More(NamedTuple):
    """What the column says."""

    fields: Mapping[str, Any]
    """Texts and tags, which stand for those of the other columns."""
    lists: Mapping[str, Sequence[Mapping[str, Any]]]
    """Entries that follow those of the other columns."""
    extra: Sequence[str]
    """Lines of a vCard that have no field."""
    left_out: int
    """How many such lines the file had no room for."""


def written(members: Mapping[str, Any], extra: Sequence[str] = ()) -> list[str]:
    """Return what the columns have for fields, lists and lines: as many pieces as are needed.

    Args:
        members: Fields and lists.
        extra: Lines of a vCard. Those for which there is no room are counted as LEFT_OUT.
    """
    kept = {name: value for name, value in members.items() if value}
    if extra:
        kept[EXTRA] = list(extra)
    if not kept:
        return []
    text = _json(kept)
    if extra and not _has_room(text):
        text = _json(_fitting(kept, extra))
    is_long = len(text) > len(MORE) * PIECE_LENGTH
    return list(_pieces(text, LONG_PIECE_LENGTH if is_long else PIECE_LENGTH))


def _json(members: Any) -> str:
    """Return JSON that has all in one line, and no white space but spaces."""
    return _WHITE_SPACE.sub(_escaped, orjson.dumps(members).decode())


def _escaped(found: re.Match[str]) -> str:
    return f"\\u{ord(found[0]):04x}"


def _pieces(text: str, length: int) -> Iterator[str]:
    """Yield pieces of JSON; a space at an end of one, which a reader takes off, is escaped."""
    for start in range(0, len(text), length):
        yield _SPACE_AT_END.sub(_escaped, text[start : start + length])


def _has_room(text: str) -> bool:
    return len(text) <= CAPACITY and len(text) + text.count('"') <= WRITTEN_CAPACITY


def _fitting(members: Mapping[str, Any], extra: Sequence[str]) -> dict[str, Any]:
    """Return the members with those lines that have room, and the number of the others."""
    text = _json({**members, EXTRA: [], LEFT_OUT: len(extra)})
    room, written_room = CAPACITY - len(text), WRITTEN_CAPACITY - len(text) - text.count('"')
    kept = []
    for line in extra:
        text = _json([line])
        length = len(text) - 1  # a comma takes the place of two brackets
        written_length = length + text.count('"')
        if length <= room and written_length <= written_room:
            room, written_room = room - length, written_room - written_length
            kept.append(line)
    return {**members, EXTRA: kept, LEFT_OUT: len(extra) - len(kept)}


def read(text: str) -> More:
    """Return what the column says; members of another kind are left out.

    Raises:
        ValueError: It is not a JSON object.
    """
    said = orjson.loads(text)
    if not isinstance(said, dict):
        raise ValueError(text[:100])  # noqa: TRY004 - of the text, not of the argument
    fields: dict[str, Any] = {name: said[name] for name in TEXTS if isinstance(said.get(name), str)}
    if isinstance(said.get("tags"), list):
        fields["tags"] = _texts(said["tags"])
    lists = {name: _entries(said[name]) for name in LISTS if isinstance(said.get(name), list)}
    extra, left_out = said.get(EXTRA), said.get(LEFT_OUT)
    return More(
        fields,
        lists,
        _texts(extra) if isinstance(extra, list) else [],
        left_out if isinstance(left_out, int) else 0,
    )


def _texts(values: list[Any]) -> list[str]:
    return [value for value in values if isinstance(value, str)]


def _entries(values: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            name: value[name]
            for name in _PARTS
            if name in value and (value[name] is None or isinstance(value[name], str))
        }
        for value in values
        if isinstance(value, dict)
    ]
