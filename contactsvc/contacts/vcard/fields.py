"""The fields of a contact that are no lists, and the properties that say the same.

A family is the properties that a few fields stand for. Each is read into its fields and made of
them, so that it can be told whether the fields say all that the properties did.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple
from unicodedata import normalize

from contactsvc.contacts.transfer.names import names_in
from contactsvc.contacts.vcard.card import BARE, Property, bare, preference
from contactsvc.contacts.vcard.dates import read_date

Fields = Mapping[str, Any]

NAME: Final = ("last_name", "first_name", "middle_name", "prefix", "suffix")
"""In the order of N."""

STARRED: Final = "starred"
"""The category by which Google tells what it shows first."""

_ORGANIZATION: Final = ("organization", "department")
_SHOWN: Final = ("prefix", "first_name", "middle_name", "last_name", "suffix")
_ELSE_SHOWN: Final = ("organization", "nickname")
_LISTS_SHOWN: Final = ("emails", "phones")


class Family(NamedTuple):
    """Properties that a few fields stand for.

    Args:
        names: The names of the properties.
        fields: The fields.
        takes_all: Whether it takes all properties of its names; else the most preferred, and others
            have no field.
        reads: Gives the fields that properties say, beside the other fields; a field of which
            nothing is said is missing.
        makes: Gives the properties that say what a contact's fields do.
    """

    names: tuple[str, ...]
    fields: tuple[str, ...]
    takes_all: bool
    reads: Callable[[Sequence[Property], Fields], dict[str, Any]]
    makes: Callable[[Fields], list[Property]]


def shown_name(fields: Fields) -> str:
    """Return what a contact is shown as (see ``display_name`` in keys.py)."""
    name = " ".join([fields[part] for part in _SHOWN if fields.get(part)])
    if name:
        return name
    others = [fields.get(part) for part in _ELSE_SHOWN]
    for plural in _LISTS_SHOWN:
        others += [entry["value"] for entry in (fields.get(plural) or ())[:1]]
    return next((each for each in others if each), "")


def _read_name(found: Sequence[Property], others: Fields) -> dict[str, Any]:
    """Return the names that N says, or else those in FN."""
    for each in found:
        if each.name == "N":
            return {field: part for field, part in zip(NAME, each.parts, strict=False) if part}
    fn = found[0].value.strip()
    return {} if _is_said_elsewhere(fn, others) else names_in(fn)


def _is_said_elsewhere(fn: str, others: Fields) -> bool:
    """Return whether a card is shown as what another field says, such as its organization."""
    values = [entry.get("value") for plural in _LISTS_SHOWN for entry in others.get(plural) or ()]
    return fn in values or any(fn == others.get(field) for field in _ELSE_SHOWN)


def _make_name(fields: Fields) -> list[Property]:
    parts = tuple([fields.get(field) or "" for field in NAME])
    shown = shown_name(fields)
    made = [bare("FN", shown)] if shown else []
    return [bare("N", parts=parts), *made] if any(parts) else made


def _read_text(field: str) -> Callable[[Sequence[Property], Fields], dict[str, Any]]:
    return lambda found, _: {field: "\n\n".join([each.value for each in found])}


def _make_text(field: str, name: str) -> Callable[[Fields], list[Property]]:
    return lambda fields: [bare(name, fields[field])] if fields.get(field) else []


def _read_nickname(found: Sequence[Property], _: Fields) -> dict[str, Any]:
    return {"nickname": found[0].parts[0]}


def _make_nickname(fields: Fields) -> list[Property]:
    return [bare("NICKNAME", parts=(fields["nickname"],))] if fields.get("nickname") else []


def _read_organization(found: Sequence[Property], _: Fields) -> dict[str, Any]:
    organization, *units = found[0].parts
    said = {"organization": organization, "department": ", ".join(filter(None, units))}
    return {field: value for field, value in said.items() if value}


def _make_organization(fields: Fields) -> list[Property]:
    organization, department = fields.get("organization") or "", fields.get("department") or ""
    parts = (organization, department) if department else (organization,)
    return [bare("ORG", parts=parts)] if any(parts) else []


def _read_birthday(found: Sequence[Property], _: Fields) -> dict[str, Any]:
    return {"birthday": read_date(found[0].value)}


def _read_tags(found: Sequence[Property], _: Fields) -> dict[str, Any]:
    categories = dict.fromkeys(part for each in found for part in each.parts)
    tags = [tag for tag in categories if tag.lower() != STARRED]
    said = {"tags": tags, "favorite": len(tags) < len(categories)}
    return {field: value for field, value in said.items() if value}


def _make_tags(fields: Fields) -> list[Property]:
    tags = [*(fields.get("tags") or ()), *([STARRED] if fields.get("favorite") else [])]
    return [bare("CATEGORIES", parts=tuple(tags))] if tags else []


FAMILIES: Final = {
    "UID": Family(("UID",), ("uid",), False, _read_text("uid"), _make_text("uid", "UID")),
    "N": Family(("N", "FN"), NAME, False, _read_name, _make_name),
    "NICKNAME": Family(("NICKNAME",), ("nickname",), False, _read_nickname, _make_nickname),
    "ORG": Family(("ORG",), _ORGANIZATION, False, _read_organization, _make_organization),
    "TITLE": Family(
        ("TITLE",), ("title",), False, _read_text("title"), _make_text("title", "TITLE")
    ),
    "BDAY": Family(("BDAY",), ("birthday",), False, _read_birthday, _make_text("birthday", "BDAY")),
    "NOTE": Family(("NOTE",), ("notes",), True, _read_text("notes"), _make_text("notes", "NOTE")),
    "CATEGORIES": Family(("CATEGORIES",), ("tags", "favorite"), True, _read_tags, _make_tags),
}
"""By the first of its names."""


_NOTHING_BUT_TEXT: Final = bare("")[2:]


def chosen(family: Family, found: Sequence[Property]) -> list[Property]:
    """Return the properties that a family takes, in their order."""
    if family.takes_all:
        return list(found)
    best: dict[str, Property] = {}
    for each in found:
        other = best.get(each.name)
        if other is None or preference(each) < preference(other):
            best[each.name] = each
    return [best[name] for name in family.names if name in best]


def is_said(family: Family, found: Sequence[Property], fields: Fields) -> bool:
    """Return whether fields say all that the properties of a family do."""
    if len(found) == len(family.fields) == 1 and found[0][2:] == _NOTHING_BUT_TEXT:
        text = found[0].value
        return bool(text) and text == fields.get(family.fields[0])
    for each in found:
        if each[-len(BARE) :] != BARE:
            return False
    made = family.makes(fields)
    return made == found or all(each in made for each in found)


def are_said(family: Family, found: Sequence[Property], fields: Fields) -> bool:
    """Return whether properties still say what the fields of a family do."""
    read = family.reads(found, fields)
    return all(_plain(read.get(field)) == _plain(fields.get(field)) for field in family.fields)


def _plain(value: Any) -> Any:
    """Return the value of a field without differences that a contact does not keep."""
    if isinstance(value, list | tuple):
        return sorted({_plain(each).casefold() for each in value})
    return " ".join(normalize("NFC", value).split()) if isinstance(value, str) else value or ""
