"""The columns of a contact that are derived from others, to be searched, sorted and dialled."""

from collections.abc import Mapping
from typing import Any, Final

from contactsvc.contacts.model import Contact
from contactsvc.platform.text.phone_numbers import Phone, read, search_text
from contactsvc.platform.text.search_keys import search_key
from contactsvc.platform.text.sort_keys import sort_key

_KEYED: Final = ("first_name", "last_name", "email")
_SORTED: Final = (*_KEYED, "phone")


def with_keys(fields: Mapping[str, Any], region: str | None) -> dict[str, Any]:
    """Return ``fields`` with the columns that are derived from them.

    Args:
        fields: Values of writable columns; ``phone`` as it was typed.
        region: The ISO 3166-1 alpha-2 code of the region that numbers without a country are read
            by; None leaves them as typed.
    """
    columns = dict(fields)
    for name in _KEYED:
        if name in fields:
            columns[f"{name}_key"] = search_key(fields[name]) if fields[name] is not None else None
    if "birthday" in fields:
        birthday = fields["birthday"]
        columns["birthday_md"] = int(birthday[-5:].replace("-", "")) if birthday else None
    if "phone" in fields:
        columns |= _phone_columns(fields["phone"], region)
    return columns


def sort_columns(contact: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the columns that a contact is sorted by.

    A contact without a name is sorted by its e-mail or else its phone.

    Args:
        contact: Both names, the e-mail and the phone.
    """
    first_name, last_name = contact["first_name"], contact["last_name"]
    shown = "" if first_name or last_name else contact["email"] or contact["phone"] or ""
    return {
        "first_name_sort": sort_key(first_name or shown, last_name),
        "last_name_sort": sort_key(last_name or shown, first_name),
    }


def is_change(contact: Contact, fields: Mapping[str, Any]) -> bool:
    """Return whether any of ``fields`` differs from the contact's value."""
    same: dict[str, tuple[Any, ...]] = {name: (getattr(contact, name),) for name in fields}
    if "phone" in fields:  # as it is shown, or as it was typed
        same["phone"] = (contact.phone, contact.phone_value or contact.phone)
    return any(value not in same[name] for name, value in fields.items())


def changed_columns(
    contact: Contact, fields: Mapping[str, Any], region: str | None
) -> dict[str, Any]:
    """Return the columns to write when ``fields`` of a contact are changed.

    A phone that equals the one shown to clients leaves the typed one as it is. If an older release
    has written the contact, all derived columns are recomputed.
    """
    changes = dict(fields)
    if contact.phone is not None and changes.get("phone") == contact.phone:
        del changes["phone"]
    columns = with_keys(changes, region)
    if columns.keys() & set(_SORTED):
        columns |= sort_columns({n: columns.get(n, getattr(contact, n)) for n in _SORTED})
    if contact.keys_version != contact.version:
        columns = renewed_columns(contact) | columns
    return columns


def renewed_columns(contact: Contact) -> dict[str, Any]:
    """Return the derived columns, recomputed; other columns keep their values."""
    fields = {name: getattr(contact, name) for name in (*_KEYED, "birthday")}
    columns = with_keys(fields, None)
    phone = _phone_columns(contact.phone, None)
    known = Phone(contact.phone_value or "", contact.phone_e164)
    if contact.phone_key is not None and known.shown == contact.phone:
        phone = {name: getattr(contact, name) for name in phone}  # it was typed for this number
    columns |= phone | {"phone": contact.phone}
    columns |= sort_columns(columns)
    return {name: value for name, value in columns.items() if name not in fields}


def _phone_columns(typed: str | None, region: str | None) -> dict[str, str | None]:
    if typed is None:
        return dict.fromkeys(("phone", "phone_value", "phone_e164", "phone_key"))
    phone = read(typed, region)
    return {
        "phone": phone.shown,
        "phone_value": phone.value,
        "phone_e164": phone.e164,
        "phone_key": search_text(phone, region),
    }
