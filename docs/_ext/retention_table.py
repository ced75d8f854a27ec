"""Says in a table what is kept of people, where, and for how long."""

from collections.abc import Iterator
from typing import Final

from contactsvc.platform.settings import Settings
from contactsvc.retention import RETENTION, Entry

from .http_schemas import table

_UNITS: Final = ((86400, "days"), (3600, "hours"), (60, "minutes"), (1, "seconds"))


def retention_table() -> str:
    """Return the table as reStructuredText."""
    return table(("What", "Where", "How long", "Setting"), (34, 22, 28, 16), _rows())


def _rows() -> Iterator[tuple[str, ...]]:
    for entry in RETENTION:
        where = [f"the table ``{name}``" for name in entry.tables]
        setting = f"``{entry.setting.upper()}``" if entry.setting else ""
        yield entry.what, ", ".join([*where, entry.place]).strip(", "), _how_long(entry), setting


def _how_long(entry: Entry) -> str:
    if not entry.setting:
        return entry.end
    seconds = getattr(Settings, entry.setting)
    size, unit = next(pair for pair in _UNITS if seconds % pair[0] == 0 and seconds > pair[0])
    return f"{seconds // size} {unit} {entry.end[0].lower()}{entry.end[1:]}"
