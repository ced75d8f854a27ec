"""Contacts as the JSON of answers."""

from typing import Any

from orjson import Fragment

from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.rows import ContactRow


def contact_json(row: ContactRow, base_url: str, **more: Any) -> dict[str, Any]:
    """Return a contact as an answer has it, for orjson alone; ContactAnswer describes it.

    The lists are JSON already, as PostgreSQL keeps them, and are not read again: all that follows
    the name of the first one stands as its value, without the brace that ends the object.

    Args:
        row: The contact.
        base_url: The setting PUBLIC_URL.
        more: Further fields of the object.
    """
    fields: dict[str, Any] = row.copy()  # type: ignore[assignment]  # which gets other names
    photo, lists = fields.pop("photo"), fields.pop("details")
    fields["book_id"] = BOOK_ID
    if more:
        fields |= more
    fields["photo_url"] = photo and f"{base_url}/api/contacts/{row['id']}/photo"
    first, _, rest = lists.partition('":')
    fields[first[2:]] = Fragment(rest[:-1])
    return fields
