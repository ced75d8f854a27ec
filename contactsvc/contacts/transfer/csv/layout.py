"""The columns that this service writes."""

from typing import Final

from contactsvc.contacts.details import ADDRESS

ENTRIES: Final = {
    "emails": ("email", 3, ("value", "type", "label")),
    "phones": ("phone", 3, ("value", "type", "label")),
    "addresses": ("address", 2, (*ADDRESS, "type", "label")),
    "urls": ("url", 1, ("value", "type", "label")),
    "dates": ("date", 1, ("value", "label")),
    "relations": ("relation", 1, ("value", "label")),
    "custom": ("custom", 1, ("value", "label")),
}
"""How columns of a list are called, how many entries have some, and the parts of each."""

BEFORE: Final = (
    *("uid", "prefix", "first_name", "middle_name", "last_name", "suffix", "nickname"),
    *("organization", "department", "title"),
)
AFTER: Final = ("birthday", "notes", "tags", "favorite")
"""The columns before and after those of the lists."""
MORE: Final = ("more_json", *(f"more_json_{number}" for number in range(2, 7)))
"""The columns by which a file of this service is told from others: pieces of one JSON text."""


def _names() -> list[str]:
    names = [*BEFORE]
    for name, most, parts in ENTRIES.values():
        for number in range(1, most + 1):
            stem = f"{name}_{number}"
            names += [stem if part == "value" else f"{stem}_{part}" for part in parts]
    return [*names, *AFTER, *MORE]


HEADER: Final = tuple(_names())
"""The names of all columns."""
