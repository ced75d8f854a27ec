"""The columns of a contact that are derived from others, to be shown, searched and sorted."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from contactsvc.contacts import details as lists
from contactsvc.contacts.card_names import kept_name
from contactsvc.contacts.match_keys import match_keys
from contactsvc.contacts.search import keys_of
from contactsvc.platform.text.sort_keys import sort_key

_NAME_PARTS: Final = ("prefix", "first_name", "middle_name", "last_name", "suffix")
_ELSE_SHOWN: Final = ("organization", "nickname", "email", "phone")
SHOWN: Final = (*_NAME_PARTS, *_ELSE_SHOWN)
"""The columns that :func:`display_name` reads."""

_UIDS: Final = UUID("8f0b2f2c-5a0e-4bb8-9d4c-6c9d3f7a1e55")
"""The name space of uids of contacts that an older release has added."""


def derived_columns(contact: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    """Return the derived columns.

    Args:
        contact: All columns that clients write, ``uid``, ``card_name`` and ``details``.
        region: The ISO 3166-1 alpha-2 code of the region that the owner's numbers without a country
            are read by; None leaves them as typed.
    """
    search_key, search_more = keys_of(contact, region)
    birthday = contact["birthday"]
    return {
        "card_name": kept_name(contact["card_name"], contact["uid"]),
        "display_name": display_name(contact),
        "search_key": search_key,
        "search_more": search_more,
        "match_keys": match_keys(contact),
        "birthday_md": int(birthday[-5:].replace("-", "")) if birthday else None,
        **sort_columns(contact),
    }


def display_name(contact: Mapping[str, Any]) -> str:
    """Return what a contact is shown as: its name, or else the first of what it has.

    That is the organization, the nickname, the e-mail or the phone.
    """
    name = " ".join(contact[part] for part in _NAME_PARTS if contact[part])
    return name or next((str(contact[each]) for each in _ELSE_SHOWN if contact[each]), "")


def sort_columns(contact: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the columns that a contact is sorted by.

    A contact without a name is sorted by its organization, or else by what it is shown as.
    """
    first_name, last_name = contact["first_name"], contact["last_name"]
    shown = "" if first_name or last_name else contact["organization"] or display_name(contact)
    return {
        "first_name_sort": sort_key(first_name or shown, last_name),
        "last_name_sort": sort_key(last_name or shown, first_name),
    }


def renewed(row: Mapping[str, Any], owner_id: int) -> dict[str, Any]:
    """Return the columns of a row that an older release has written, as this one would have.

    That release knew one e-mail and one phone, and no uid.

    Args:
        row: All columns but derived ones; ``details`` as an object or None.
        owner_id: The contact's owner.
    """
    single = lists.of_older_release(row)
    details = row["details"] or single
    for name, plural in lists.FIRSTS.items():
        if lists.shown(details[plural]) != row[name]:
            details = {**details, plural: [*single[plural], *details[plural][1:]]}
    return {
        "uid": row["uid"] or older_uid(owner_id, row["id"]),
        "details": details,
        "email": lists.shown(details["emails"]),
        "phone": lists.shown(details["phones"]),
        "phone_value": None,
    }


def older_uid(owner_id: int, contact_id: int) -> str:
    """Return the uid of a contact that was added before contacts had any."""
    return str(uuid5(_UIDS, f"{owner_id}/{contact_id}"))
