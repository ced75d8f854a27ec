"""The entries of a contact's lists, and the properties that say the same."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final
from unicodedata import normalize

from contactsvc.contacts.vcard.card import Property
from contactsvc.contacts.vcard.dates import read_date
from contactsvc.platform.text.phone_numbers import tidy

Entry = Mapping[str, Any]

LISTS: Final = {
    "EMAIL": "emails",
    "TEL": "phones",
    "ADR": "addresses",
    "URL": "urls",
    "ANNIVERSARY": "dates",
    "X-ABDATE": "dates",
    "RELATED": "relations",
    "X-CUSTOM": "custom",
}
"""The list that a property is in."""

ANNIVERSARY: Final = "Anniversary"

_PROPERTIES: Final = {"emails": "EMAIL", "phones": "TEL", "urls": "URL", "custom": "X-CUSTOM"}
_ADDRESS: Final = ("po_box", "extended", "street", "city", "region", "postal_code", "country")
"""In the order of ADR (RFC 6350, 6.3.1)."""

_TYPES: Final = {"home": "home", "work": "work", "other": "other"}
_PHONE_TYPES: Final = {
    "fax": "fax",
    "pager": "pager",
    "cell": "mobile",
    "mobile": "mobile",
    "iphone": "mobile",
    **_TYPES,
}
"""The type of an entry by those of the property: the first in this order counts."""

_WRITTEN: Final = {"mobile": "cell"}
_URI: Final = re.compile(r"(?:mailto|tel):", re.IGNORECASE)
_NOT_A_WORD: Final = re.compile(r"\W+")


def entry_of(known: Property) -> dict[str, Any]:
    """Return the entry that a property of LISTS says."""
    return _ENTRIES[known.name](known)


def _email(known: Property) -> dict[str, Any]:
    value = known.value[7:] if known.value[:7].lower() == "mailto:" else known.value
    return {"value": value, "type": _type(known, _TYPES), "label": _label(known)}


def _phone(known: Property) -> dict[str, Any]:
    return {"value": known.value, "type": _type(known, _PHONE_TYPES), "label": _label(known)}


def _url(known: Property) -> dict[str, Any]:
    return {"value": known.value, "type": _type(known, _TYPES), "label": _label(known)}


def _address(known: Property) -> dict[str, Any]:
    parts = dict(zip(_ADDRESS, known.parts, strict=False))
    return parts | {"type": _type(known, _TYPES), "label": _label(known)}


def _label(known: Property) -> str:
    """Return the label of an entry; Android writes ``TYPE=X-Boat`` for one that was typed."""
    if known.label or not known.types:
        return known.label
    for kind in known.types:
        if _is_typed(kind):
            return kind[2:].capitalize()
    return ""


def _is_typed(kind: str) -> bool:
    return kind.startswith("x-")


def _date(known: Property) -> dict[str, Any]:
    label = ANNIVERSARY if known.name == "ANNIVERSARY" else ""
    return {"value": read_date(known.value) or known.value, "label": known.label or label}


def _relation(known: Property) -> dict[str, Any]:
    label = known.types[0].capitalize() if known.types else ""
    return {"value": known.value, "label": known.label or label}


def _custom(known: Property) -> dict[str, Any]:
    return {"value": known.value, "label": known.label}


_ENTRIES: Final[dict[str, Callable[[Property], dict[str, Any]]]] = {
    "EMAIL": _email,
    "TEL": _phone,
    "ADR": _address,
    "URL": _url,
    "ANNIVERSARY": _date,
    "X-ABDATE": _date,
    "RELATED": _relation,
    "X-CUSTOM": _custom,
}


def _type(known: Property, kinds: Mapping[str, str]) -> str | None:
    if types := known.types:
        for kind, meaning in kinds.items():
            if kind in types:
                return meaning
    return None


def property_of(name: str, entry: Entry) -> Property:
    """Return the property that says an entry of a list."""
    label = entry.get("label") or ""
    types = _types_of(entry)
    if name == "addresses":
        parts = tuple(entry.get(part) or "" for part in _ADDRESS)
        return Property("ADR", parts=parts, types=types, label=label)
    value = entry["value"]
    if name == "dates":
        is_anniversary = label.lower() == ANNIVERSARY.lower()
        label = "" if label == ANNIVERSARY else label
        return Property("ANNIVERSARY" if is_anniversary else "X-ABDATE", value, label=label)
    if name == "relations":
        return Property("RELATED", value, label=label)
    return Property(_PROPERTIES[name], value, types=types, label=label)


def says_all(known: Property, entry: Entry) -> bool:
    """Return whether an entry says all that its property does.

    It does not where there are more types than one, other parameters, a group or a degree of
    preference, where a value is written otherwise, or a part of an address has no field.
    """
    if known.parameters or known.group or known.pref is not None:
        return False
    types = known.types
    if known.parts:
        return len(known.parts) == len(_ADDRESS) and types == _types_of(entry)
    if known.value != entry["value"]:
        return False
    if known.name == "RELATED":
        return not types or types == (entry["label"].lower(),)
    return not types or types == _types_of(entry)


def _types_of(entry: Entry) -> tuple[str, ...]:
    kind: str = entry.get("type") or ""
    return (_WRITTEN.get(kind, kind),) if kind else ()


def likeness(entry: Entry) -> str:
    """Return what two entries have in common that differ in spelling or punctuation alone."""
    text = "\n".join(entry.get(part) or "" for part in (*_ADDRESS, "value"))
    return _NOT_A_WORD.sub("", _URI.sub("", text)).casefold() or text.strip()


def renewed(kept: Property, name: str, entry: Entry) -> Property:
    """Return the property of an entry that was read from another one, and may have changed since.

    What did not change, and what an entry cannot say, is as it was read.

    Args:
        kept: The property that it was read from.
        name: The list.
        entry: The entry as it is now.
    """
    was, made = entry_of(kept), property_of(name, entry)
    renewed = kept
    if (was.get("type") or "") != (entry.get("type") or ""):
        renewed = renewed._replace(types=made.types, label=made.label)
    if was["label"] != (entry.get("label") or ""):
        others = tuple(kind for kind in renewed.types if not _is_typed(kind))
        types = () if kept.name == "RELATED" else others
        renewed = renewed._replace(name=made.name, label=made.label, types=types)
    if _content(name, was) != _content(name, entry):
        parameters = tuple(each for each in kept.parameters if each != "VALUE=uri")
        parts = made.parts + kept.parts[len(_ADDRESS) :]
        renewed = renewed._replace(value=made.value, parts=parts, parameters=parameters)
    return renewed


def _content(name: str, entry: Entry) -> list[str]:
    """Return what an entry says, without differences that a contact does not keep."""
    if name == "phones":
        return [tidy(entry["value"])]
    texts = [entry.get(part) or "" for part in (*_ADDRESS, "value")]
    return [normalize("NFC", text).strip() for text in texts]
