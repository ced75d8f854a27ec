"""A row of a CSV file as a contact."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from contactsvc.contacts.details import LISTS
from contactsvc.contacts.transfer.csv import dates, more
from contactsvc.contacts.transfer.csv.columns import Column, Columns
from contactsvc.contacts.transfer.csv.entries import Cells, Entry, entries
from contactsvc.contacts.transfer.csv.guard import unguarded
from contactsvc.contacts.transfer.csv.labels import groups
from contactsvc.contacts.transfer.csv.names import is_said
from contactsvc.contacts.transfer.csv.records import Record
from contactsvc.contacts.transfer.csv.targets import BIRTHDAY_PARTS, TEXTS
from contactsvc.contacts.transfer.names import names_in
from contactsvc.contacts.transfer.records import Read, ReadContact, Remark, Unreadable

MORE_CELLS: Final = "This row has more cells than the header has: what is in them is left out."
NO_DATE: Final = "This is no date; it is kept as a custom field."
GUESSED_DATE: Final = "Read as {}: the day, the month or the century is not certain."
LINES_LEFT_OUT: Final = "The file had no room for {} lines of this contact that have no field."
NO_MORE: Final = "This is not what an export has in this column; it is left out."

_NO: Final = frozenset(("0", "false", "no", "n", "nein", "non", "falso", "faux", "falsch", "off"))
_UNSPECIFIED: Final = frozenset(
    ("Unspecified", "Keine Angabe", "Non spécifié", "Sin especificar", "Non specificato")
)
"""What Outlook writes for everybody whose gender it has not been told."""
_BIRTHDAY: Final = "Birthday"
"""The label of a birthday that is no date."""

_EMPTY: Final[Sequence[tuple[str, Callable[[], Any] | None]]] = (
    *((name, str) for name in TEXTS if name not in ("uid", "birthday")),
    ("birthday", None),
    ("favorite", bool),
    *((name, list) for name in ("tags", *LISTS)),
)
"""The empty values of fields."""


class Rows:
    """Reads the rows of a file.

    Args:
        columns: Its columns.
        is_day_first: Whether 2/1 is the second of January; None if nothing in the file tells.
    """

    def __init__(self, columns: Columns, is_day_first: bool | None) -> None:
        self.columns = columns.columns
        self.is_own = columns.is_own
        self.is_day_first = is_day_first
        self.is_day_likely = columns.language != "English"
        self.fields = {column.target.field for column in columns.columns}
        self.steps = [_step(column) for column in columns.columns]

    def empty(self) -> dict[str, Any]:
        """Return the fields that an empty cell empties: those of a file of this service."""
        if not self.is_own:
            return {}
        return {name: kind() if kind else None for name, kind in _EMPTY if name in self.fields}

    def contact(self, record: Record) -> Read | None:
        """Return the contact of a row, or why it cannot be read; None if it has no text."""
        if not record.cells:
            return Unreadable(Remark(record.line, "", record.remark))
        row = _Row(self, record.line)
        for place, text in enumerate(record.cells[: len(self.steps)]):
            if text and (cell := text.strip()):
                plain = unguarded(cell, is_own=self.is_own) if "'" in cell else cell
                self.steps[place](row, place, plain)
        if record.remark:
            row.remark("", record.remark)
        if any(text.strip() for text in record.cells[len(self.steps) :]):
            row.remark("", MORE_CELLS)
        return row.contact()


class _Row:
    """A row that is being read, cell by cell."""

    def __init__(self, rows: Rows, line: int) -> None:
        self.rows = rows
        self.line = line
        self.fields: dict[str, Any] = {}
        self.birthday_parts: dict[str, str] = {}
        self.cells: dict[str | int, Cells] = {}
        self.custom: list[Entry] = []
        self.name = ""
        self.name_column = ""
        self.more = ""
        self.remarks: list[Remark] = []

    def remark(self, pointer: str, detail: str) -> None:
        self.remarks.append(Remark(self.line, pointer, detail))

    def keep(self, label: str, text: str) -> None:
        """Keep what has no field, or a second value of one that has, as a custom field."""
        self.custom.append(Entry("custom", {"label": label.strip(), "value": text}))

    def add_text(self, place: int, text: str) -> None:
        column = self.rows.columns[place]
        name = column.target.field
        before = self.fields.get(name)
        if not before:
            self.fields[name] = text
        elif name == "notes":
            self.fields[name] = f"{before}\n{text}"
        elif before != text:
            self.keep(column.name, text)

    def add_birthday_part(self, place: int, text: str) -> None:
        self.birthday_parts[self.rows.columns[place].target.part] = text

    def add_to_entry(self, place: int, text: str) -> None:
        column = self.rows.columns[place]
        target = column.target
        if text in _UNSPECIFIED:
            return
        slot = target.slot or place
        if slot not in self.cells:
            self.cells[slot] = Cells(target, column.name, {})
        if self.cells[slot].parts.setdefault(target.part, text) != text:
            self.keep(column.name, text)

    def add_tags(self, place: int, text: str) -> None:
        tags, is_favorite = groups(text, is_own=self.rows.is_own)
        known = self.fields.setdefault("tags", [])
        known.extend(tag for tag in tags if tag not in known)
        if is_favorite:
            self.fields["favorite"] = True

    def set_favorite(self, place: int, text: str) -> None:
        self.fields["favorite"] = text.casefold() not in _NO

    def add_name(self, place: int, text: str) -> None:
        column = self.rows.columns[place].name
        if not self.name:
            self.name, self.name_column = text, column
        elif self.name != text:
            self.keep(column, text)

    def add_more(self, place: int, text: str) -> None:
        self.more += text

    def ignore(self, place: int, text: str) -> None:
        """Leave a cell out."""

    def contact(self) -> Read | None:
        """Return the contact that the cells say; None if they say nothing."""
        self._read_birthday()
        found = self._entries()
        self._read_name({each.value.get("value", "") for each in found})
        lists: dict[str, list[dict[str, Any]]] = {}
        for entry in sorted([*found, *self.custom], key=_is_behind):
            lists.setdefault(entry.field, []).append(entry.value)
        fields = self.rows.empty() | self.fields | lists
        extra = self._read_more(fields) if self.more else ()
        if not (self.fields or lists or self.more or self.remarks):
            return None
        return ReadContact(self.line, fields, extra, remarks=self.remarks)

    def _read_more(self, fields: dict[str, Any]) -> Sequence[str]:
        """Add what the JSON of an own file says to the fields, and return its extra lines."""
        try:
            said = more.read(self.more)
        except ValueError:
            self.remark("", NO_MORE)
            return ()
        if said.left_out:
            self.remark("", LINES_LEFT_OUT.format(said.left_out))
        fields |= said.fields
        for name, values in said.lists.items():
            fields[name] = [*fields.get(name, []), *values]
        return said.extra

    def _entries(self) -> list[Entry]:
        found = []
        for cells in self.cells.values():
            for entry in entries(cells, is_own=self.rows.is_own):
                if entry.field != "dates":
                    found.append(entry)
                elif dated := self._with_day(entry):
                    found.append(dated)
        return found

    def _read_birthday(self) -> None:
        if text := self.fields.pop("birthday", None):
            self._set_birthday(self._day(text, "/birthday"), text)
        elif parts := self.birthday_parts:
            try:
                value = dates.of_parts(*(parts.get(part, "") for part in BIRTHDAY_PARTS))
            except ValueError:
                self.remark("/birthday", NO_DATE)
                self.keep(_BIRTHDAY, "-".join(filter(None, map(parts.get, BIRTHDAY_PARTS))))
            else:
                self._set_birthday(dates.Day(value), "")

    def _set_birthday(self, day: dates.Day | None, text: str) -> None:
        if day is None:
            self.keep(_BIRTHDAY, text)
        elif day.value:
            self.fields["birthday"] = day.value

    def _with_day(self, entry: Entry) -> Entry | None:
        """Return an entry with its day as we write it; None where it says that there is none."""
        day = self._day(entry.value["value"], "/dates")
        if day is None:
            return entry._replace(field="custom")
        entry.value["value"] = day.value
        return entry if day.value else None

    def _day(self, text: str, pointer: str) -> dates.Day | None:
        """Return the day of a text, with a remark on a doubtful one; None if it is no day."""
        rows = self.rows
        try:
            day = dates.day(text, is_day_first=rows.is_day_first, is_day_likely=rows.is_day_likely)
        except ValueError:
            self.remark(pointer, NO_DATE)
            return None
        if day.is_guess:
            self.remark(pointer, GUESSED_DATE.format(day.value))
        return day

    def _read_name(self, values: set[str]) -> None:
        if not self.name or is_said(self.name, self.fields, values):
            return
        if self.fields.get("first_name") or self.fields.get("last_name"):
            self.keep(self.name_column, self.name)
        else:
            self.fields |= names_in(self.name)


def _is_behind(entry: Entry) -> bool:
    return not entry.is_preferred


_Step = Callable[[_Row, int, str], None]
_STEPS: Final[Mapping[str, _Step]] = {
    **dict.fromkeys(TEXTS, _Row.add_text),
    **dict.fromkeys(LISTS, _Row.add_to_entry),
    "tags": _Row.add_tags,
    "favorite": _Row.set_favorite,
    "name": _Row.add_name,
    "more": _Row.add_more,
    "ignore": _Row.ignore,
}


def _step(column: Column) -> _Step:
    if column.target.field == "birthday" and column.target.part != "value":
        return _Row.add_birthday_part
    return _STEPS[column.target.field]
