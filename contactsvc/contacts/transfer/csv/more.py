"""The column of an own file that has what the other columns cannot hold, as JSON."""

from collections.abc import Mapping, Sequence
from typing import Any, Final, NamedTuple

import orjson

from contactsvc.contacts.details import LISTS
from contactsvc.contacts.transfer.csv.entries import ADDRESS
from contactsvc.contacts.transfer.csv.targets import TEXTS

EXTRA: Final = "extra"
"""The member that has lines of an imported vCard."""

_PARTS: Final = ("value", "type", "label", *ADDRESS)


class More(NamedTuple):
    """What the column says.

    Attributes:
        fields: Texts and tags, which stand for those of the other columns.
        lists: Entries that follow those of the other columns.
        extra: Lines of a vCard that have no field.
    """

    fields: Mapping[str, Any]
    lists: Mapping[str, Sequence[Mapping[str, Any]]]
    extra: Sequence[str]


def written(members: Mapping[str, Any]) -> str:
    """Return what the column has for fields, lists and lines; empty if there are none."""
    kept = {name: value for name, value in members.items() if value}
    return orjson.dumps(kept).decode() if kept else ""


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
