"""Properties by which Android says what it has no standard name for: ``X-ANDROID-CUSTOM``.

The value is a media type and the columns ``data1`` to ``data15`` of a row of Android's table of
contacts (``ContactsContract.CommonDataKinds``), of which the first three are what was typed, a
number for its type, and the label of type 0.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from unicodedata import normalize

from contactsvc.contacts.vcard.card import Property, bare
from contactsvc.contacts.vcard.dates import read_date
from contactsvc.contacts.vcard.entries import ANNIVERSARY, LISTS, entry_of, property_of
from contactsvc.contacts.vcard.extra import AS_READ_PREFIX
from contactsvc.contacts.vcard.heads import head_length
from contactsvc.contacts.vcard.text import split, unescape

NAME: Final = "X-ANDROID-CUSTOM"

MAX_READ: Final = 100
"""Properties of a card that are read into fields; all lists together have room for fewer."""

_FIELDS: Final = {"NICKNAME": "nickname", "BDAY": "birthday"}
_LISTS: Final = ("dates", "relations")
PLACES: Final = (*_FIELDS, *_LISTS)
"""The families and lists that are said in this way."""

Key = tuple[str, ...]

_AS_READ: Final = AS_READ_PREFIX + NAME
_ITEM: Final = "vnd.android.cursor.item/"
_CUSTOM: Final = "0"
_BIRTHDAY: Final = "3"
_EVENTS: Final = {"1": ANNIVERSARY, "2": "Other"}
_RELATIONS: Final = (
    *("Assistant", "Brother", "Child", "Domestic Partner", "Father", "Friend", "Manager"),
    *("Mother", "Parent", "Partner", "Referred By", "Relative", "Sister", "Spouse"),
)
_RELATION_NAMES: Final = {str(kind): name for kind, name in enumerate(_RELATIONS, 1)}
_NICKNAMES: Final = ("", _CUSTOM, "1", "2", "4")
"""Types of nicknames: custom, default, other, short. A maiden name and initials are none."""


def meaning(known: Property) -> Property | None:
    """Return the standard property that says the same; None if none does.

    Args:
        known: A property of this name that is kept as it came.
    """
    value = known.raw[head_length(known.raw) + 1 :].strip()
    if known.group or not value.startswith(_ITEM):
        return None
    try:
        columns = [unescape(part).strip() for part in split(value, ";")]
    except ValueError:
        return None
    kind, typed, number, label = (*columns[:4], "", "", "")[:4]
    read = _KINDS.get(kind.removeprefix(_ITEM))
    return read(typed, number, label) if read and typed else None


def _nickname(typed: str, number: str, _label: str) -> Property | None:
    return bare("NICKNAME", parts=(typed,)) if number in _NICKNAMES else None


def _event(typed: str, number: str, label: str) -> Property | None:
    day = read_date(typed)
    if day is None:
        return None
    if number == _BIRTHDAY:
        return bare("BDAY", day)
    return _entry("dates", day, label if number == _CUSTOM else _EVENTS.get(number))


def _relation(typed: str, number: str, label: str) -> Property | None:
    return _entry("relations", typed, label if number == _CUSTOM else _RELATION_NAMES.get(number))


def _entry(name: str, value: str, label: str | None) -> Property | None:
    return None if label is None else property_of(name, {"value": value, "label": label})


_KINDS: Final[Mapping[str, Callable[[str, str, str], Property | None]]] = {
    "nickname": _nickname,
    "contact_event": _event,
    "relation": _relation,
}


def key(known: Property) -> Key:
    """Return what two properties have in common that say the same of a contact."""
    if known.name == "NICKNAME":
        return _key(known.name, known.parts[0])
    if known.name == "BDAY":
        return _key(known.name, read_date(known.value))
    return _of_entry(LISTS[known.name], entry_of(known))


def keys_of(fields: Mapping[str, Any]) -> set[Key]:
    """Return the keys of the properties that the fields of a contact say."""
    keys = {_of_entry(name, entry) for name in _LISTS for entry in fields.get(name) or ()}
    return keys | {_key(name, fields.get(field)) for name, field in _FIELDS.items()}


def _of_entry(name: str, entry: Mapping[str, Any]) -> Key:
    return _key(name, entry["value"], entry.get("label"))


def _key(place: str, *texts: str | None) -> Key:
    """Return a key without differences that a contact does not keep."""
    plain = [" ".join(normalize("NFC", text or "").split()).casefold() for text in texts]
    return (place, *plain)


def without_what_was_read(extra: Iterable[str]) -> list[str]:
    """Return the lines of a contact without those of this name that were read into fields.

    Args:
        extra: As :func:`~contactsvc.contacts.vcard.contact.from_contact` takes them.
    """
    return [line for line in extra if line[: len(_AS_READ)].upper() != _AS_READ]
