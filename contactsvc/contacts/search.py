"""The key that contacts are searched by, and the patterns that find something in it.

The key is the folded text of all that is searched, field by field. Each field begins with a mark of
its own, and each of its values stands between separators; no text has such characters. So a LIKE
can tell in which field a word occurs, and an index that carries the key answers a search by itself.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from contactsvc.platform.text.phone_numbers import Phone, search_text
from contactsvc.platform.text.search_keys import search_key

MAX_BYTES: Final = 1500
"""Bytes of the part of a key that the indexes of lists carry. A row of an index has 2,704 at the
most, of which a sort key takes up to 1,000."""

FIELDS: Final = ("tags", "first_name", "last_name", "other_names", "organization", "email", "phone")
"""What is searched, in the order of the key."""

_MARKS: Final = {name: chr(number) for number, name in enumerate((*FIELDS, "end"), 1)}
_NEXT: Final = dict(zip(_MARKS.values(), [*_MARKS.values()][1:], strict=False))
_SEPARATOR: Final = "\x1f"
_CONTROL: Final = dict.fromkeys(range(0x20))
_NAMES: Final = _MARKS["first_name"]
_SPECIAL: Final = str.maketrans({special: f"\\{special}" for special in "\\%_"})

_OTHER_NAMES: Final = ("middle_name", "prefix", "suffix", "nickname")


def tag_key(tag: str) -> str:
    """Return what two tags have in common that are told apart by case alone."""
    return tag.casefold()


def without_doubles(tags: Iterable[str]) -> list[str]:
    """Return the tags without those that differ from an earlier one by case alone."""
    first: dict[str, str] = {}
    for tag in tags:
        first.setdefault(tag_key(tag), tag)
    return list(first.values())


def keys_of(contact: Mapping[str, Any], region: str | None) -> tuple[str, str | None]:
    """Return the key of a contact in two parts: up to MAX_BYTES, and the rest; None if none is.

    Args:
        contact: The names, the organization, ``tags`` and ``details``.
        region: The ISO 3166-1 alpha-2 code of the region that numbers are dialled in.
    """
    values = list(_values(contact, region))
    room = MAX_BYTES - len(_MARKS)
    together = "".join([text for _, text in values])
    size = len(together) if together.isascii() else len(together.encode())
    if size + 2 * len(values) <= room and together.isprintable():
        return _whole_key(values), None
    return _divided_key(values, room)


def _whole_key(values: Iterable[tuple[str, str]]) -> str:
    """Return the key of values that all have room in one, and nothing in them that marks."""
    fields = dict.fromkeys(FIELDS, "")
    for name, text in values:
        if text:
            fields[name] += f"{_SEPARATOR}{text}{_SEPARATOR}"
    return _key(fields)


def _divided_key(values: Iterable[tuple[str, str]], room: int) -> tuple[str, str | None]:
    fits, rest = dict.fromkeys(FIELDS, ""), dict.fromkeys(FIELDS, "")
    is_all = True
    for name, text in values:
        room -= (len(text) if text.isascii() else len(text.encode())) + 2
        if room >= 0:
            fits[name] += _in_field(text)
        else:
            rest[name] += _in_field(text)
            is_all = False
    return _key(fits), None if is_all else _key(rest)


def occurs(text: str, field: str | None = None) -> str:
    """Return the pattern of keys in which a text occurs.

    Args:
        text: The text, folded by :func:`search_key`. No character is a wildcard.
        field: One of FIELDS; None stands for all but the tags.
    """
    literal = text.translate(_CONTROL).translate(_SPECIAL)
    if field is None:
        return f"%{_NAMES}%{literal}%"
    mark = _MARKS[field]
    return f"%{mark}%{literal}%{_NEXT[mark]}%"


def tagged(tag: str) -> str:
    """Return the pattern of keys of contacts that have a tag."""
    literal = tag_key(tag).translate(_CONTROL).translate(_SPECIAL)
    return f"%{_SEPARATOR}{literal}{_SEPARATOR}%{_NAMES}%"


def _values(contact: Mapping[str, Any], region: str | None) -> Iterator[tuple[str, str]]:
    """Yield each field with a folded value of it, the tags last."""
    details = contact["details"]
    for name in ("first_name", "last_name"):
        yield name, search_key(contact[name])
    for name in _OTHER_NAMES:
        if contact[name]:
            yield "other_names", search_key(contact[name])
    yield "organization", search_key(contact["organization"])
    for entry in details["emails"]:
        yield "email", search_key(entry["value"])
    for entry in details["phones"]:
        yield "phone", search_text(Phone(entry["value"], entry["e164"]), region)
    for tag in contact["tags"]:
        yield "tags", tag_key(tag)


def _key(values: Mapping[str, str]) -> str:
    return "".join([_MARKS[name] + values[name] for name in FIELDS]) + _MARKS["end"]


def _in_field(text: str) -> str:
    """Return a value between separators, without what marks fields and values."""
    if not text:
        return ""
    plain = text if text.isprintable() else text.translate(_CONTROL)
    return f"{_SEPARATOR}{plain}{_SEPARATOR}"
