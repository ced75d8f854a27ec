"""The typed lists of a contact, and what ``email`` and ``phone`` say of them.

A client that knows one e-mail and one phone sends and gets these two fields; another one sends the
lists; most send back everything that they got, with a change in one of them.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from contactsvc.platform.errors import ValidationFailed
from contactsvc.platform.text.phone_numbers import read

Entry = Mapping[str, Any]
Details = dict[str, list[dict[str, Any]]]

LISTS: Final = ("emails", "phones", "addresses", "urls", "dates", "relations", "custom")
"""The lists, each of which is an array of objects; together they are the column ``details``."""

ADDRESS: Final = ("street", "extended", "po_box", "city", "region", "postal_code", "country")
"""The parts of an address, in the order of the answer."""

FIRSTS: Final = {"email": "emails", "phone": "phones"}
"""The fields that are the first of a list, by that list."""

_NO_COLUMNS: Final = frozenset((*FIRSTS, *LISTS))

NO_NAME: Final = (
    "A contact needs a first name, a last name, a nickname, an organization, an e-mail or a phone."
)
_NAMES: Final = ("first_name", "last_name", "nickname", "organization", "email", "phone")
_READ_ONLY: Final = "e164"


def empty() -> Details:
    """Return the lists of a contact that has nothing in them."""
    return {name: [] for name in LISTS}


def shown(entries: Sequence[Entry]) -> str | None:
    """Return the value of the first entry as ``email`` or ``phone`` tells it; None if none is."""
    return (entries[0].get(_READ_ONLY) or entries[0]["value"]) if entries else None


def of_older_release(row: Mapping[str, Any]) -> Details:
    """Return the lists of a row that has a single e-mail and phone.

    Args:
        row: ``email``, ``phone`` as it is shown, and ``phone_value`` as it was typed.
    """
    details = empty()
    if row["email"] is not None:
        details["emails"] = [_entry(row["email"])]
    if row["phone"] is not None:
        typed = row["phone_value"] or row["phone"]
        known = row["phone"] if row["phone"].startswith("+") else None
        e164 = known if typed != row["phone"] else read(typed, None).e164
        details["phones"] = [_entry(typed) | {_READ_ONLY: e164}]
    return details


def settled(
    fields: Mapping[str, Any],
    before: Details | None,
    region: str | None,
    *,
    is_whole: bool = False,
) -> dict[str, Any]:
    """Return ``fields`` with ``details``, ``email`` and ``phone`` as they are to be kept.

    Where a field and its list are both given, the one that differs from what is kept counts.

    Args:
        fields: What the client has sent: some of the columns, FIRSTS and LISTS.
        before: The lists as they are kept; None for a new contact.
        region: The ISO 3166-1 alpha-2 code of the region that numbers without a country are read
            by; None leaves them as typed.
        is_whole: Whether the fields replace the contact, so that a list that is not given is empty.

    Raises:
        ValidationFailed: A field and its list differ from each other, and both from what is kept.
    """
    kept = before or empty()
    details = empty() if is_whole else dict(kept)
    details |= {name: fields[name] for name in LISTS if name in fields}
    for name, plural in FIRSTS.items():
        if name not in fields:
            continue
        if plural not in fields:
            first = kept[plural][:1] if is_whole else kept[plural]
            details[plural] = _first_replaced(first, fields[name])
        elif before is None or not _is_shown(fields[name], kept[plural]):
            details[plural] = _list_of_both(name, fields, before, region)
    details["phones"] = _dialled(details["phones"], kept["phones"], region)
    columns = {k: v for k, v in fields.items() if k not in _NO_COLUMNS}
    return columns | {
        "details": details,
        "email": shown(details["emails"]),
        "phone": shown(details["phones"]),
    }


def check_name(contact: Mapping[str, Any]) -> None:
    """Raise ValidationFailed if a contact has nothing to be called by."""
    if not any(contact[name] for name in _NAMES):
        raise ValidationFailed.of("/first_name", NO_NAME)


def _entry(value: str) -> dict[str, Any]:
    return {"value": value, "type": None, "label": ""}


def _list_of_both(
    name: str, fields: Mapping[str, Any], before: Details | None, region: str | None
) -> list[Any]:
    """Return a list where its first value is given, too, and is not what is kept."""
    plural, value = FIRSTS[name], fields[name]
    given = fields[plural]
    if before is not None and given == _typed(before[plural]):
        return _first_replaced(before[plural], value)
    if not _agree(name, given, value, region):
        raise ValidationFailed.of(f"/{plural}", f"The first is not the {name} that is given, too.")
    return list(given)


def _first_replaced(entries: Sequence[Entry], value: str | None) -> list[Any]:
    if value is None:
        return list(entries[1:])
    if _is_shown(value, entries):
        return list(entries)
    first = entries[0] if entries else _entry(value)
    return [_without_read_only(first) | {"value": value}, *entries[1:]]


def _is_shown(value: str | None, entries: Sequence[Entry]) -> bool:
    """Return whether a value is the first of a list, as it is shown or as it was typed."""
    return value == shown(entries) or (bool(entries) and value == entries[0]["value"])


def _agree(name: str, entries: Sequence[Entry], value: str | None, region: str | None) -> bool:
    if value is None or not entries:
        return value is None and not entries
    first = entries[0]["value"]
    return bool(first == value) or (
        name == "phone" and read(first, region).shown == read(value, region).shown
    )


def _typed(entries: Sequence[Entry]) -> list[dict[str, Any]]:
    return [_without_read_only(entry) for entry in entries]


def _without_read_only(entry: Entry) -> dict[str, Any]:
    return {name: value for name, value in entry.items() if name != _READ_ONLY}


def _dialled(
    entries: Sequence[Entry], before: Sequence[Entry], region: str | None
) -> list[dict[str, Any]]:
    """Return phones with their international form; one that was kept is not read again.

    Nor is one that brings the form along, because it was kept of another contact.
    """
    read_before = [entry for entry in (*entries, *before) if _READ_ONLY in entry]
    known = {entry["value"]: entry[_READ_ONLY] for entry in read_before}
    return [
        {**entry, _READ_ONLY: known[value] if value in known else read(value, region).e164}
        for entry in entries
        for value in (entry["value"],)
    ]
