"""Contacts as the JSON of answers."""

from typing import Any

import orjson

from contactsvc.contacts.address_books.repository import BOOK_ID
from contactsvc.contacts.rows import ContactRow

_OPTIONS = orjson.OPT_UTC_Z


def contact_json(row: ContactRow, base_url: str, **more: Any) -> orjson.Fragment:
    """Return a contact as an answer has it; ContactAnswer describes it.

    The lists are JSON already, as PostgreSQL keeps them, and are not read again.

    Args:
        row: The contact.
        base_url: The setting PUBLIC_URL.
        more: Further fields of the object.
    """
    fields: dict[str, Any] = {**row, "book_id": BOOK_ID, **more}
    photo, lists = fields.pop("photo"), fields.pop("details")
    fields["photo_url"] = photo and f"{base_url}/api/contacts/{row['id']}/photo"
    head = orjson.dumps(fields, option=_OPTIONS)
    return orjson.Fragment(head[:-1] + b"," + lists.encode()[1:])
