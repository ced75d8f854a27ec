"""Makes contacts of files keep the rules of the schemas, and loses nothing that was read.

The schemas refuse what does not fit, and name it to whoever has typed it. Nobody has typed a file,
so here everything is repaired: a text is cut and kept whole beside the field, an e-mail that is
none stays as what it is, among the custom fields. What these have no room for becomes a content
line. marshmallow would take 300 us for each contact; a test holds both together.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from contactsvc.contacts.details import ADDRESS, FIRSTS, LISTS
from contactsvc.contacts.schemas.entries import PHONE_TYPES, TYPES
from contactsvc.contacts.schemas.limits import (
    LABEL_MAX_LENGTH,
    MAX_ENTRIES,
    MAX_TAGS,
    NAME_MAX_LENGTH,
    NOTES_MAX_LENGTH,
    STREET_MAX_LENGTH,
    TAG_MAX_LENGTH,
    TEXT_MAX_LENGTH,
)
from contactsvc.contacts.search import tag_key
from contactsvc.contacts.transfer import texts
from contactsvc.contacts.transfer.content_lines import left_out_remark, own_line, within_bounds
from contactsvc.contacts.transfer.records import ReadContact, Remark, Unreadable

MAX_LISTED: Final = 1000
"""Entries of a list, or tags, that are looked at; those that have no room become content lines."""

_NAMES: Final = ("first_name", "last_name", "middle_name", "prefix", "suffix", "nickname")
_TEXTS: Final = {
    **dict.fromkeys(_NAMES, NAME_MAX_LENGTH),
    **dict.fromkeys(("organization", "department", "title"), TEXT_MAX_LENGTH),
}
_PARTS: Final = {**dict.fromkeys(ADDRESS, TEXT_MAX_LENGTH), "street": STREET_MAX_LENGTH}
_TYPED: Final = {"emails": TYPES, "phones": PHONE_TYPES, "addresses": TYPES, "urls": TYPES}
_VALUES: Final = {"emails": texts.email, "phones": texts.phone, "dates": texts.date}
_NAMED_BY: Final = ("first_name", "last_name", "nickname", "organization")
_NO_NAME: Final = "There is nothing that the contact could be called by."


class FittedContact(NamedTuple):
    """A contact of a file that keeps the rules.

    Args:
        line: The line on which it begins, counted from 1.
        fields: Fields of ContactSchema, as that would load them; those alone that the file has.
        extra: Content lines that have no field.
        photo: The bytes of an image, as they came.
        photo_start: See :class:`~contactsvc.contacts.transfer.records.ReadContact`.
        remarks: What was repaired, after what the reader has remarked.
    """

    line: int
    fields: dict[str, Any]
    extra: list[str]
    photo: bytes | None
    photo_start: str
    remarks: list[Remark]


def fitted(read: ReadContact) -> FittedContact | Unreadable:
    """Return a contact as the schemas would take it; Unreadable if nothing names it."""
    contact = _Contact(read.line, list(read.remarks))
    contact.take(read.fields)
    if not contact.is_named():
        return Unreadable(Remark(read.line, "", _NO_NAME))
    extra = contact.lines(read.extra)
    return FittedContact(
        read.line, contact.fields, extra, read.photo, read.photo_start, contact.remarks
    )


@dataclass(slots=True)
class _Contact:
    """A contact while it is made to fit."""

    line: int
    remarks: list[Remark]
    fields: dict[str, Any] = field(default_factory=dict)
    own_lines: list[str] = field(default_factory=list)

    def take(self, given: Mapping[str, Any]) -> None:
        """Take all fields of a file."""
        # First, so that those of the file have room before what does not fit elsewhere.
        if custom := given.get("custom"):
            self._entries("custom", self._bounded("custom", custom))
        for name, value in given.items():
            if take := _TAKE.get(name):
                take(self, name, value if isinstance(value, str) else self._bounded(name, value))
        for single, plural in FIRSTS.items():
            if plural not in given and given.get(single):
                self._entries(plural, [{"value": given[single]}])

    def _bounded(self, name: str, value: Any) -> Any:
        """Return a list without what nobody has typed: each of its entries may leave a remark."""
        if not isinstance(value, list | tuple) or len(value) <= MAX_LISTED:
            return value
        detail = f"There are {len(value)} of these: {MAX_LISTED} are looked at."
        self.remarks.append(Remark(self.line, f"/{name}", detail))
        return value[:MAX_LISTED]

    def _plain(self, name: str, value: str) -> None:
        self.fields[name] = self._text(value, _TEXTS[name], name) if value else ""

    def _flag(self, name: str, value: bool) -> None:
        self.fields[name] = value

    def _uid(self, _name: str, value: str) -> None:
        if uid := self._text(value or "", TEXT_MAX_LENGTH, "uid"):
            self.fields["uid"] = uid

    def _notes(self, _name: str, value: str) -> None:
        text = texts.plain(value, NOTES_MAX_LENGTH, several_lines=True, trim=False)
        if len(text) > NOTES_MAX_LENGTH:
            self._aside("notes", value, "/notes", "too long")
            text = text[:NOTES_MAX_LENGTH]
        self.fields["notes"] = text

    def _birthday(self, _name: str, value: str | None) -> None:
        if not value:
            return
        if (born := texts.birthday(value)) is None:
            self._aside("birthday", value, "/birthday", "not a date in the past")
        else:
            self.fields["birthday"] = born

    def _text(self, value: str, max_length: int, name: str, pointer: str = "") -> str:
        """Return a text in one line that is cut where it is too long."""
        text = value.strip()
        if not (text.isascii() and text.isprintable()):
            text = texts.plain(text, max_length, several_lines=name == "street")
        if len(text) > max_length:
            self._aside(name, value, pointer or f"/{name}", "too long")
            text = texts.plain(text[:max_length], max_length, several_lines=name == "street")
        return text

    def _entries(self, name: str, entries: Sequence[Mapping[str, Any]]) -> None:
        """Take the entries of a list that have a value."""
        kept = self.fields.setdefault(name, [])
        read, types = _VALUES.get(name, texts.value), _TYPED.get(name)
        for place, entry in enumerate(entries):
            typed = entry.get("value") or ""
            value = read(typed)
            if not value and not typed.strip():
                continue
            fits = value is not None
            if not fits or len(kept) == MAX_ENTRIES:
                what = "one too many" if fits else "does not fit"
                pointer = f"/{name}/{place}"
                self._aside(name.removesuffix("s"), typed, pointer, what, _called(entry))
                continue
            label = entry.get("label")
            taken: dict[str, Any] = {
                "value": value,
                "label": self._label(label, f"/{name}/{place}") if label else "",
            }
            if types is not None:
                taken["type"] = self._type(entry, types, taken)
            kept.append(taken)

    def _addresses(self, _name: str, entries: Sequence[Mapping[str, Any]]) -> None:
        kept = self.fields.setdefault("addresses", [])
        for place, entry in enumerate(entries):
            pointer = f"/addresses/{place}"
            if len(kept) == MAX_ENTRIES:
                whole = "\n".join(entry[part] for part in _PARTS if entry.get(part))
                self._aside("address", whole, pointer, "one too many", _called(entry))
                continue
            taken: dict[str, Any] = {
                name: self._text(text, most, name, f"{pointer}/{name}")
                if (text := entry.get(name))
                else ""
                for name, most in _PARTS.items()
            }
            if any(taken.values()):
                label = entry.get("label")
                taken["label"] = self._label(label, pointer) if label else ""
                taken["type"] = self._type(entry, TYPES, taken)
                kept.append(taken)

    def _label(self, label: str, pointer: str) -> str:
        return self._text(label, LABEL_MAX_LENGTH, "label", f"{pointer}/label")

    @staticmethod
    def _type(entry: Mapping[str, Any], known: Sequence[str], taken: dict[str, Any]) -> str | None:
        """Return the type of an entry; one that is not known is its label."""
        kind = entry.get("type")
        if kind and kind not in known:
            taken["label"] = (
                taken["label"] or texts.plain(str(kind), 100)[:LABEL_MAX_LENGTH].strip()
            )
            return None
        return kind or None

    def _tags(self, _name: str, tags: Sequence[str]) -> None:
        kept: dict[str, str] = {}
        for place, given in enumerate(tags):
            tag = self._text(given, TAG_MAX_LENGTH, "tag", f"/tags/{place}")
            if not tag or tag_key(tag) in kept:
                continue
            if len(kept) == MAX_TAGS:
                self._aside("tag", given, f"/tags/{place}", "one too many")
            else:
                kept[tag_key(tag)] = tag
        self.fields["tags"] = list(kept.values())

    def _aside(self, kind: str, text: str, pointer: str, what: str, label: str = "") -> None:
        """Keep a whole text among the custom fields, or as a content line."""
        custom = self.fields.setdefault("custom", [])
        value = texts.plain(text, TEXT_MAX_LENGTH)
        if not value:
            return
        if len(value) <= TEXT_MAX_LENGTH and len(custom) < MAX_ENTRIES:
            label = texts.plain(label or kind.replace("_", " "), LABEL_MAX_LENGTH)
            custom.append({"label": label[:LABEL_MAX_LENGTH].strip(), "value": value})
            became = "kept as a custom field"
        else:
            self.own_lines.append(own_line(kind, text, label))
            became = "kept whole for exports"
        self.remarks.append(Remark(self.line, pointer, f"{what.capitalize()}: {became}."))

    def is_named(self) -> bool:
        """Return whether it has a name; if it has none, take what else it could be called by."""
        fields = self.fields
        if any(map(fields.get, _NAMED_BY)) or fields.get("emails") or fields.get("phones"):
            return True
        name = next((name for name in self._possible_names() if name), "")
        if not name:
            return False
        fields["nickname"] = texts.plain(name[:NAME_MAX_LENGTH], NAME_MAX_LENGTH)
        detail = "It has no name: it is called by what else it has."
        self.remarks.append(Remark(self.line, "/nickname", detail))
        return bool(fields["nickname"])

    def _possible_names(self) -> list[str]:
        fields = self.fields
        firsts = [fields[name][0]["value"] for name in ("urls", "custom") if fields.get(name)]
        addresses = [
            ", ".join(entry[part].replace("\n", ", ") for part in _PARTS if entry[part])
            for entry in fields.get("addresses", ())[:1]
        ]
        notes = [line.strip() for line in fields.get("notes", "")[:1000].splitlines()]
        parts = [fields.get(name, "") for name in ("prefix", "middle_name", "suffix")]
        others = [fields.get("title", ""), fields.get("department", "")]
        return [*parts, *others, *addresses, *firsts, *notes]

    def lines(self, given: Sequence[str]) -> list[str]:
        """Return the content lines that are kept: those of the file, and our own."""
        if not given and not self.own_lines:
            return []
        kept, left_out = within_bounds(map(texts.one_line, (*given, *self.own_lines)))
        if left_out:
            self.remarks.append(left_out_remark(self.line, left_out))
        return kept


def _called(entry: Mapping[str, Any]) -> str:
    return entry.get("label") or entry.get("type") or ""


_TAKE: Final[Mapping[str, Callable[[_Contact, str, Any], None]]] = {
    **dict.fromkeys(_TEXTS, _Contact._plain),  # noqa: SLF001
    **{name: _Contact._entries for name in LISTS if name != "custom"},  # noqa: SLF001
    "addresses": _Contact._addresses,  # noqa: SLF001
    "uid": _Contact._uid,  # noqa: SLF001
    "notes": _Contact._notes,  # noqa: SLF001
    "birthday": _Contact._birthday,  # noqa: SLF001
    "tags": _Contact._tags,  # noqa: SLF001
    "favorite": _Contact._flag,  # noqa: SLF001
}
"""How each field is taken."""
