"""The cells of one entry as entries of a list: an e-mail with its type, an address in parts."""

from collections.abc import Mapping
from itertools import zip_longest
from typing import Any, Final, NamedTuple

from contactsvc.contacts.details import ADDRESS
from contactsvc.contacts.transfer.csv.labels import JOINT, Kind, kind
from contactsvc.contacts.transfer.csv.targets import Target

_STREETS: Final = ("street", "street_2", "street_3")
_TYPED: Final = ("emails", "phones", "urls", "addresses")


class Cells(NamedTuple):
    """The cells of one entry that are not empty."""

    target: Target
    """What the first of their columns is read as."""
    name: str
    """What that column is called."""
    parts: dict[str, str]
    """The cells, by the parts that they are."""


class Entry(NamedTuple):
    """An entry."""

    field: str
    """The list that it belongs to."""
    value: dict[str, Any]
    """Its value, type and label, or parts."""
    is_preferred: bool = False
    """Whether it comes before the others."""


def entries(cells: Cells, *, is_own: bool) -> list[Entry]:
    """Return the entries that cells say.

    Args:
        cells: The cells; those of Google may have several values each.
        is_own: Whether this service has written them, one value each.
    """
    if is_own or not _are_joined(cells.parts):
        entry = _entry(cells.target, "" if is_own else cells.name, cells.parts)
        return [entry] if entry else []
    shared = {part: text for part, text in cells.parts.items() if part in ("kind", "type", "label")}
    several = {p: text.split(JOINT) for p, text in cells.parts.items() if p not in shared}
    found = []
    for texts in zip_longest(*several.values(), fillvalue=""):
        parts = {p: text.strip() for p, text in zip(several, texts, strict=True) if text.strip()}
        found.append(_entry(cells.target, cells.name, shared | parts))
    return [entry for entry in found if entry]


def _are_joined(parts: Mapping[str, str]) -> bool:
    for text in parts.values():  # noqa: SIM110 - any() takes thrice as long
        if JOINT in text:
            return True
    return False


def _entry(target: Target, name: str, parts: Mapping[str, str]) -> Entry | None:
    field = target.field
    said = _kind(target, parts)
    if field == "addresses":
        address = _address(parts)
        value: dict[str, Any] = address
        if not any(address.values()):
            return None
    elif "value" in parts:
        value = {"value": parts["value"]}
    else:
        return None
    if field in _TYPED:
        value |= {"type": said.entry_type, "label": said.label}
    else:
        value["label"] = said.label or (name.strip() if field == "custom" else "")
    return Entry(field, value, said.is_preferred)


def _kind(target: Target, parts: Mapping[str, str]) -> Kind:
    if "kind" in parts:
        said = kind(parts["kind"], target.field)
        if target.field in _TYPED:
            return said
        return Kind(None, parts["kind"].removeprefix("*").strip(), said.is_preferred)
    return Kind(parts.get("type") or target.entry_type or None, parts.get("label") or target.label)


def _address(parts: Mapping[str, str]) -> dict[str, str]:
    address = {part: parts.get(part, "") for part in ADDRESS}
    address["street"] = "\n".join(filter(None, (parts.get(part) for part in _STREETS)))
    if not any(address.values()):
        address["street"] = parts.get("formatted", "")
    return address
