"""What a column of a CSV file is read as."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from contactsvc.contacts.details import ADDRESS, LISTS
from contactsvc.platform.errors import FieldError, ValidationFailed

TEXTS: Final = (
    "uid",
    "prefix",
    "first_name",
    "middle_name",
    "last_name",
    "suffix",
    "nickname",
    "organization",
    "department",
    "title",
    "birthday",
    "notes",
)
"""The fields of a contact that one cell holds."""

SPECIAL: Final = ("tags", "favorite", "name", "more", "ignore")
"""Several tags; a flag; a name in one piece; fields as JSON; a column that is not read."""

ADDRESS_PARTS: Final = (
    *ADDRESS,
    *("street_2", "street_3", "formatted"),
)
"""The parts of an address; more lines of its street, and all of it in one piece."""

BIRTHDAY_PARTS: Final = ("year", "month", "day")

_TYPES: Final = ("home", "work", "other", "")
_TYPES_OF: Final = {"phones": (*_TYPES, "mobile", "fax", "pager"), "emails": _TYPES, "urls": _TYPES}
_SHORT: Final = {"email": "emails", "phone": "phones"}


class Target(NamedTuple):
    """What a column is read as."""

    field: str
    """One of ``TEXTS``, ``SPECIAL`` and the lists."""
    part: str = "value"
    """What of the field: a part of the birthday or of an entry (``value``, ``type``,
    ``label``, ``kind`` for a type or else a label, parts of an address)."""
    entry_type: str = ""
    """The type of the entry; empty if it has none."""
    label: str = ""
    """The label of the entry."""
    slot: str = ""
    """What columns of one entry have in common; empty where each is an entry of its own."""

    def __str__(self) -> str:
        """Return it as :func:`parsed` reads it."""
        if self.field == "addresses":
            return ".".join(filter(None, (self.field, self.entry_type, self.part)))
        part = "" if self.part == "value" else self.part
        type_ = self.entry_type or ("" if not self.label or self.field not in _TYPES_OF else "-")
        return ".".join(filter(None, (self.field, type_, self.label, part)))


IGNORED: Final = Target("ignore")


def parsed(text: str) -> Target:
    """Return the target that a text names.

    It is a field (``first_name``, ``birthday``, ``tags``, ``favorite``, ``name``), ``ignore``, or a
    list with what its entries have in common: ``emails``, ``emails.work``, ``phones.mobile``,
    ``phones.-.Desk`` (``-`` for no type, then a label), ``urls.home``, ``addresses.home.street``,
    ``dates.Anniversary``, ``relations.Sister``, ``custom.Badge`` (each with a label).

    Raises:
        ValueError: It names none.
    """
    field, *rest = text.strip().split(".", 2)
    field = _SHORT.get(field, field)
    if field in (*TEXTS, *SPECIAL) and not rest:
        return Target(field)
    if field == "birthday" and len(rest) == 1 and rest[0] in BIRTHDAY_PARTS:
        return Target(field, rest[0])
    if field == "addresses" and rest:
        return _address(rest)
    if field in _TYPES_OF:
        type_, label = [*rest, "", ""][:2]
        if type_.replace("-", "") in _TYPES_OF[field]:
            return Target(field, entry_type=type_.replace("-", ""), label=label)
    elif field in LISTS and field != "addresses":
        return Target(field, label=".".join(rest))
    raise ValueError(f"No field: {text}")


def given(texts: Mapping[str, str]) -> dict[str, Target]:
    """Return the targets that a caller has given for columns.

    Args:
        texts: The targets, by the names of the columns.

    Raises:
        ValidationFailed: A text names no target.
    """
    targets, errors = {}, []
    for name, text in texts.items():
        try:
            targets[name] = parsed(text)
        except ValueError:
            errors.append(FieldError("/map", f"{name[:100]}: {text[:100]!r} is no field."))
    if errors:
        raise ValidationFailed(errors)
    return targets


def _address(rest: list[str]) -> Target:
    type_, part = (rest[0], rest[1]) if len(rest) > 1 else ("", rest[0])
    if type_ not in _TYPES or part not in ADDRESS_PARTS:
        raise ValueError(f"No field: {part}")
    return Target("addresses", part, entry_type=type_, slot=f"address {type_}")
