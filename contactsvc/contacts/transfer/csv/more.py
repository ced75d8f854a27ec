"""The columns of an own file that have what the others cannot hold, as JSON."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from contactsvc.contacts.details import LISTS
from contactsvc.contacts.transfer.csv.entries import ADDRESS
from contactsvc.contacts.transfer.csv.layout import MORE
from contactsvc.contacts.transfer.csv.targets import TEXTS

EXTRA: Final = "extra"
"""The member that has lines of an imported vCard."""

PIECE_LENGTH: Final = 32_000
"""Characters of a piece: Excel cuts off what a cell has beyond 32,767."""
CAPACITY: Final = len(MORE) * PIECE_LENGTH
"""Characters of all pieces. All lists of a contact at their limits need fewer."""

_SPACE: Final = re.compile(r"\s")
_PARTS: Final = ("value", "type", "label", *ADDRESS)


class More(NamedTuple):
    """What the column says."""

    fields: Mapping[str, Any]
    """Texts and tags, which stand for those of the other columns."""
    lists: Mapping[str, Sequence[Mapping[str, Any]]]
    """Entries that follow those of the other columns."""
    extra: Sequence[str]
    """Lines of a vCard that have no field."""


def written(members: Mapping[str, Any], extra: Sequence[str] = ()) -> list[str]:
    """Return what the columns have for fields, lists and lines: as many pieces as are needed.

    Args:
        members: Fields and lists.
        extra: Lines of a vCard; the last are left out where there is no room for them.
    """
    kept = {name: value for name, value in members.items() if value}
    if extra:
        kept[EXTRA] = list(extra)
    if not kept:
        return []
    text = _json(kept)
    if len(text) > CAPACITY and extra:
        kept[EXTRA] = _fitting(extra, CAPACITY - len(_json({**kept, EXTRA: []})))
        text = _json(kept)
    pieces = [text[start : start + PIECE_LENGTH] for start in range(0, len(text), PIECE_LENGTH)]
    last = len(MORE) - 1
    return [*pieces[:last], *filter(None, ["".join(pieces[last:])])]


def _json(members: Any) -> str:
    """Return JSON without white space, of which a piece might lose some at its ends."""
    return _SPACE.sub(lambda found: f"\\u{ord(found[0]):04x}", orjson.dumps(members).decode())


def _fitting(lines: Sequence[str], room: int) -> list[str]:
    kept = []
    for line in lines:
        room -= len(_json([line]))
        if room < 0:
            break
        kept.append(line)
    return kept


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
    extra = said.get(EXTRA)
    return More(fields, lists, _texts(extra) if isinstance(extra, list) else [])


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
