"""Contacts of files for the tests of imports, without a file."""

from typing import Any

from contactsvc.contacts.transfer.records import ReadContact


def read(line: int = 1, *, extra: list[str] | None = None, **fields: Any) -> ReadContact:
    """Return a contact as a reader finds it; ``email`` and ``phone`` are the first of lists."""
    for name, plural in (("email", "emails"), ("phone", "phones")):
        if name in fields:
            fields[plural] = [{"value": fields.pop(name), "type": None, "label": ""}]
    photo = fields.pop("photo", None)
    return ReadContact(line, fields, extra or [], photo)
