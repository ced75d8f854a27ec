"""Makes one contact of two: of one that is there and a file has, too, or of two that are there.

A text of the file replaces the one that is there, unless it is empty; of two that are there, the
first one's stays. Lists and tags are united, what is there first, and so are content lines, but for
those that a card has once.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from contactsvc.contacts.columns import of_change
from contactsvc.contacts.details import ADDRESS, FIRSTS, LISTS
from contactsvc.contacts.rows import DEFAULTS
from contactsvc.contacts.schemas.limits import MAX_ENTRIES, MAX_TAGS, NOTES_MAX_LENGTH
from contactsvc.contacts.search import without_doubles
from contactsvc.contacts.transfer.content_lines import own_line, within_bounds
from contactsvc.contacts.vcard.extra import AS_READ_PREFIX, Kept, in_other_groups, taken_apart
from contactsvc.contacts.vcard.fields import FAMILIES
from contactsvc.platform.errors import Conflict
from contactsvc.platform.text.phone_numbers import digits

Entry = Mapping[str, Any]

_ONCE: Final = frozenset(("GENDER", "KIND", "PRODID", "REV", "X-ADDRESSBOOKSERVER-KIND"))
"""Properties without a field that a card has once (RFC 6350, 6): the file's takes their place."""

_WITH_A_FIELD: Final = frozenset(
    name for family in FAMILIES.values() if "tags" not in family.fields for name in family.names
)
"""Properties with a field that the file's text replaces: the line that it was read of, too."""


def _labelled(entry: Entry) -> object:
    return entry["label"].casefold(), entry["value"].casefold()


def _address(entry: Entry) -> object:
    return [entry[part].casefold() for part in ADDRESS]


_SAME: Final[Mapping[str, Callable[[Entry], object]]] = {
    "emails": lambda entry: entry["value"].casefold(),
    "phones": lambda entry: digits(entry.get("e164") or entry["value"]),
    "addresses": _address,
    "urls": lambda entry: entry["value"],
    **dict.fromkeys(("dates", "relations", "custom"), _labelled),
}
"""What two entries of a list have in common that say the same."""


_UNITED: Final = ("details", "tags", "notes", "extra")
_SINGLE: Final = ("photo", *(each for each in DEFAULTS if each not in (*FIRSTS, *LISTS, *_UNITED)))
"""What a contact has one of."""


class Merged(NamedTuple):
    """What a contact gets of a file.

    Args:
        fields: The fields, for ``of_change``.
        left_out: How many content lines of the file had no room.
    """

    fields: dict[str, Any]
    left_out: int


def merged(row: Mapping[str, Any], found: Mapping[str, Any]) -> Merged:
    """Return what a contact gets of a file.

    Args:
        row: The columns of the contact that is there, with its JSON read.
        found: The columns that the file would make of it, for the fields that it has.
    """
    fields: dict[str, Any] = {}
    aside: list[str] = []
    for name, value in found.items():
        if name == "tags":
            fields[name] = _tags(row["tags"], value, aside)
        elif name in LISTS:
            fields[name] = _united(name, row["details"][name], value, aside)
        elif name not in ("uid", "extra") and value:
            fields[name] = value
    lines, left_out = _lines(row["extra"] or (), found.get("extra") or (), aside)
    return Merged(fields | ({"extra": lines} if lines else {}), left_out)


def absorbed(
    row: Mapping[str, Any], other: Mapping[str, Any], region: str | None
) -> dict[str, Any] | None:
    """Return the columns of a contact with all that another one has besides; None if it is nothing.

    A text that both have stays as it is, but notes stand one below the other.

    Args:
        row: The columns of the contact, with its JSON read.
        other: Those of the other one.
        region: See ContactRepository.

    Raises:
        Conflict: Not all of what has no field has room in one contact.
    """
    aside: list[str] = []
    found = {name: other[name] for name in _SINGLE if not row[name]}
    found |= {"tags": other["tags"], "notes": _notes(row["notes"], other["notes"], aside)}
    found |= other["details"]
    once = {_property(kept) for kept in map(taken_apart, row["extra"] or ()) if _is_replaced(kept)}
    lines = [line for line in other["extra"] or () if _property(taken_apart(line)) not in once]
    fields, left_out = merged(row, found | {"extra": [*lines, *aside]})
    if left_out:
        raise Conflict("What these contacts keep besides their fields is too much for one contact.")
    return of_change(row, fields, region, is_whole=False)


def _notes(there: str, found: str, aside: list[str]) -> str:
    """Return notes one below the other; those that have no room go aside."""
    if not found.strip() or found.strip() in there:
        return there
    both = f"{there}\n\n{found}" if there.strip() else found
    if len(both) <= NOTES_MAX_LENGTH:
        return both
    aside.append(own_line("notes", found))
    return there


def _tags(there: Sequence[str], found: Sequence[str], aside: list[str]) -> list[str]:
    tags = without_doubles([*there, *found])
    aside += [own_line("tag", tag) for tag in tags[MAX_TAGS:]]
    return tags[:MAX_TAGS]


def _united(
    name: str, there: Sequence[Entry], found: Sequence[Entry], aside: list[str]
) -> list[dict[str, Any]]:
    """Return the entries of both; one that both have gets the type and label that it lacks."""
    same = _SAME[name]
    united = [dict(entry) for entry in there]
    known = [same(entry) for entry in united]
    for entry in found:
        if (key := same(entry)) in known:
            mine = united[known.index(key)]
            mine |= {part: entry[part] for part in ("type", "label") if not mine.get(part, 1)}
        elif len(united) < MAX_ENTRIES:
            united.append(dict(entry))
            known.append(key)
        else:
            aside.append(own_line(name.removesuffix("s"), _shown(entry), entry["label"]))
    return united


def _shown(entry: Entry) -> str:
    return entry.get("value") or "\n".join(entry[part] for part in ADDRESS if entry[part])


def _lines(
    there: Sequence[str], found: Sequence[str], aside: Sequence[str]
) -> tuple[list[str], int]:
    """Return the content lines of both, and how many of the file had no room."""
    replaced = {_property(kept) for kept in map(taken_apart, found) if _is_replaced(kept)}
    same = set(found)
    lines = [line for line in there if line in same or _property(taken_apart(line)) not in replaced]
    known = set(lines)  # there may be a hundred thousand
    lines += [line for line in in_other_groups(found, lines) if line not in known]
    lines += [line for line in aside if line not in known]
    kept, left_out = within_bounds(lines)
    # Those that were read into a field stand before the others.
    return sorted(kept, key=lambda line: not line.startswith(AS_READ_PREFIX)), left_out


def _property(kept: Kept) -> tuple[str, str]:
    return kept.prefix, kept.name


def _is_replaced(kept: Kept) -> bool:
    """Return whether a line of the file takes the place of those of the same property."""
    return kept.name in (_WITH_A_FIELD if kept.prefix else _ONCE)
