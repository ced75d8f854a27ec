"""Reads a content line into a property."""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

from contactsvc.contacts.vcard.card import Property
from contactsvc.contacts.vcard.dates import read_date
from contactsvc.contacts.vcard.heads import (
    CACHED_MAX_LENGTH,
    Head,
    encode,
    head_length,
    read_head,
)
from contactsvc.contacts.vcard.text import split, unescape
from contactsvc.contacts.vcard.values import (
    URI,
    encoded_value,
    from_base64,
    from_data_uri,
    media_type_of,
)

Reader = Callable[[str, Head, str, bool], Property | None]
"""Takes the name, the head, the value as it stands there, and whether it is of vCard 2.1. Gives
None if the value is empty; raises ValueError if it makes no sense."""

_Meaning = tuple[Head, bool, str, Reader | None]
"""A head, whether its values are encoded, the name of its property here, and what reads that."""


def read_property(text: str, is_old: bool, line: bytes = b"") -> tuple[Property | None, str]:
    """Return the property of a content line, and what is to be remarked on it, or ``""``.

    One that is not known, or whose value makes no sense, is kept as it came. None is given for
    one that says nothing, or that makes an envelope, such as VERSION.

    Args:
        text: The line, unfolded.
        is_old: Whether it is of vCard 2.1.
        line: Its bytes, where it may have an encoding of its own.

    Raises:
        ValueError: It is no content line.
    """
    before, colon, value = text.partition(":")
    remark = ""
    if not colon or '"' in before:
        before, value = _divided(text)
        if before.count('"') % 2:
            remark = "" if is_old else _OPEN_QUOTE  # in 2.1 it is a character as any other
            before = before.replace('"', "")
    is_short = len(before) <= CACHED_MAX_LENGTH
    head, is_encoded, name, read = (_cached_meaning if is_short else _meaning)(before)
    if is_encoded:
        value = _decoded_value(value, head, line)
    if read is None:
        is_kept = name not in _OF_THE_ENVELOPE
        return _as_it_came(text, head, value, is_old) if is_kept else None, ""
    try:
        return read(name, head, value, is_old), remark
    except ValueError as error:
        return _as_it_came(text, head, value, is_old), f"{head.name}: {error} {_KEPT}"


def _divided(text: str) -> tuple[str, str]:
    """Return what stands before the colon that ends the head, and behind it."""
    end = head_length(text)
    return text[:end], text[end + 1 :]


def _meaning(before: str) -> _Meaning:
    head = read_head(before)
    name, read = _READERS.get(head.name, (head.name, None))
    return head, bool(head.charset) or head.encoding == "Q", name, read


_cached_meaning: Final = lru_cache(maxsize=4096)(_meaning)
"""Does as _meaning for heads of CACHED_MAX_LENGTH at most: the same ones stand in every card."""


def _decoded_value(value: str, head: Head, line: bytes) -> str:
    if head.encoding == "B" or not line:
        return value
    # Where there are characters of several bytes in the head, it is longer in bytes.
    return encoded_value(line[head_length(line.decode("latin-1")) + 1 :], head)


def _as_it_came(text: str, head: Head, value: str, is_old: bool) -> Property:
    """Return a property with its whole line, in the notation of vCard 3.0 and 4.0."""
    if is_old or head.encoding == "Q" or head.charset:
        written = _PLAIN_BACKSLASH.sub(r"\\\\", value) if is_old else value
        text = f"{_modern_head(head)}:{written}"
    # Without white space before it, by which it would be taken for a fold where it is written.
    shown, raw = unescape(value, is_old=is_old), text.lstrip().replace("\n", "\\n")
    return _new(Property, (head.name, shown, (), b"", (), None, "", head.group, (), raw))


def _modern_head(head: Head) -> str:
    """Return a head in which everything has a name, and the value is UTF-8."""
    parameters = [f"TYPE={encode(kind)}" for kind in head.types]
    parameters += [f"PREF={head.pref}"] if head.pref else []
    parameters += [f"VALUE={encode(head.value_type)}"] if head.value_type else []
    parameters += ["ENCODING=b"] if head.encoding == "B" else []
    return ";".join([head.written_name, *parameters, *head.parameters])


def _made(name: str, head: Head, value: str = "", parts: tuple[str, ...] = ()) -> Property:
    # Past the constructor of named tuples, which is half of the time of a short line.
    return _new(
        Property,
        (name, value, parts, b"", head.types, head.pref, "", head.group, head.parameters, ""),
    )


def _text(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    text = unescape(value, is_old=is_old) if "\\" in value else value
    return _made(name, head, text) if text and not text.isspace() else None


def _short(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    """Read what has one line: an address, a page, an identifier."""
    text = (unescape(value, is_old=is_old) if "\\" in value else value).strip()
    return _made(name, head, text) if text else None


def _phone(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    found = _short(name, head, value, is_old)
    if found is None or head.value_type != "uri" or not URI.match(found.value):
        return found
    return found._replace(parameters=("VALUE=uri", *head.parameters))


def _kind(name: str, head: Head, value: str, _is_old: bool) -> Property | None:
    return _made(name, head, value.strip().lower()) if value.strip() else None


def _list(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    found = tuple(filter(None, _texts(split(value, ","), is_old)))
    return _made(name, head, parts=found) if found else None


def _name(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    """Read N; where a part is a list, such as two middle names, they become one text."""
    parts = split(value, ";")
    if "," in value and not is_old:
        parts = [" ".join(map(str.strip, split(part, ","))) for part in parts]
    return _structured(name, head, parts, is_old, _PARTS_OF_A_NAME)


def _address(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    return _structured(name, head, split(value, ";"), is_old, _PARTS_OF_AN_ADDRESS)


def _organization(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    return _structured(name, head, split(value, ";"), is_old)


def _structured(
    name: str, head: Head, parts: list[str], is_old: bool, at_least: int = 0
) -> Property | None:
    """Return a property with parts: no empty ones at the end but the first ``at_least``."""
    found = _texts(parts, is_old)
    while found and not found[-1]:
        found.pop()
    if not found:
        return None
    found += [""] * (at_least - len(found))
    return _made(name, head, "", tuple(found))


def _texts(parts: list[str], is_old: bool) -> list[str]:
    if "\\" in "".join(parts):
        parts = [unescape(part, is_old=is_old) for part in parts]
    return list(map(str.strip, parts))


def _date(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    """Read a date; one with a time is kept as it stands, for the time's sake."""
    text = unescape(value, is_old=is_old).strip()
    if not text:
        return None
    day = None if head.value_type == "text" else read_date(text, head.omitted_year)
    if day is None:
        raise ValueError("It names no day.")
    has_time = not head.omitted_year and ("T" in text or " " in text)
    return _made(name, head, text if has_time else day)


def _relation(name: str, head: Head, value: str, is_old: bool) -> Property | None:
    found = _text(name, head, value, is_old)
    is_named_so = head.name in _RELATIONS
    return found if is_named_so or found is None else found._replace(label="Spouse")


def _photo(name: str, head: Head, value: str, _is_old: bool) -> Property | None:
    """Read a picture, or where one is to be found."""
    if not value.strip():
        return None
    text = value if head.encoding == "B" else unescape(value.strip())
    found = from_data_uri(text)
    bare = _made(name, head, text)
    if found is None and head.encoding != "B" and URI.match(text):
        return bare
    if found is None:
        bare = bare._replace(types=tuple(kind for kind in head.types if kind in _PLACES))
        found = _base64_photo(head, text)
    media_type, data = found
    return bare._replace(value=media_type or media_type_of(data), data=data) if data else None


def _base64_photo(head: Head, text: str) -> tuple[str, bytes]:
    data = from_base64(text)
    sniffed = media_type_of(data)
    if not (head.encoding or sniffed):
        raise ValueError("It is no picture.")
    kind = next((kind for kind in head.types if kind not in _PLACES), "").replace("jpg", "jpeg")
    media_type = kind if "/" in kind else f"image/{kind}"
    return media_type if _MEDIA_TYPE.fullmatch(media_type) else sniffed, data


_new: Final = tuple.__new__
_OF_THE_ENVELOPE: Final = ("VERSION", "BEGIN", "END")
_PLAIN_BACKSLASH: Final = re.compile(r"\\(?![;:,])")
_KEPT: Final = "Kept as it came."
_OPEN_QUOTE: Final = "A quote is not closed: the line is read without it."
_PARTS_OF_A_NAME: Final = 5
_PARTS_OF_AN_ADDRESS: Final = 7
_MEDIA_TYPE: Final = re.compile(r"[a-z0-9.+-]{1,30}/[a-z0-9.+-]{1,60}")
_PLACES: Final = ("home", "work")
_RELATIONS: Final = ("RELATED", "X-ABRELATEDNAMES")

_READERS: Final[dict[str, tuple[str, Reader]]] = {
    "N": ("N", _name),
    "FN": ("FN", _text),
    "NICKNAME": ("NICKNAME", _list),
    "ORG": ("ORG", _organization),
    "TITLE": ("TITLE", _text),
    "ROLE": ("ROLE", _text),
    "EMAIL": ("EMAIL", _short),
    "TEL": ("TEL", _phone),
    "ADR": ("ADR", _address),
    "URL": ("URL", _short),
    "BDAY": ("BDAY", _date),
    "ANNIVERSARY": ("ANNIVERSARY", _date),
    "X-ANNIVERSARY": ("ANNIVERSARY", _date),
    "X-EVOLUTION-ANNIVERSARY": ("ANNIVERSARY", _date),
    "X-KADDRESSBOOK-X-ANNIVERSARY": ("ANNIVERSARY", _date),
    "X-MS-ANNIVERSARY": ("ANNIVERSARY", _date),
    "X-ABDATE": ("X-ABDATE", _date),
    "RELATED": ("RELATED", _relation),
    "X-ABRELATEDNAMES": ("RELATED", _relation),
    "X-EVOLUTION-SPOUSE": ("RELATED", _relation),
    "X-KADDRESSBOOK-X-SPOUSESNAME": ("RELATED", _relation),
    "X-MS-SPOUSE": ("RELATED", _relation),
    "X-SPOUSE": ("RELATED", _relation),
    "NOTE": ("NOTE", _text),
    "CATEGORIES": ("CATEGORIES", _list),
    "PHOTO": ("PHOTO", _photo),
    "UID": ("UID", _short),
    "KIND": ("KIND", _kind),
    "X-ADDRESSBOOKSERVER-KIND": ("KIND", _kind),
    "MEMBER": ("MEMBER", _short),
    "X-ADDRESSBOOKSERVER-MEMBER": ("MEMBER", _short),
    "X-CUSTOM": ("X-CUSTOM", _text),
}
"""The properties that are understood: what they are called here, and how they are read."""
