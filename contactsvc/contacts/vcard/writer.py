"""Writes cards in vCard 3.0 (RFC 2426) and 4.0 (RFC 6350).

What 3.0 has no name for is written as Apple does, whose programs read nothing else: an ANNIVERSARY
as X-ABDATE, RELATED as X-ABRELATEDNAMES, each named by X-ABLabel, a KIND and MEMBER by their
X-ADDRESSBOOKSERVER names, and a birthday without a year by X-APPLE-OMIT-YEAR.
"""

from base64 import b64encode
from collections.abc import Iterable
from functools import lru_cache
from itertools import count
from typing import Final, Literal

from contactsvc.contacts.vcard.card import Card, Property
from contactsvc.contacts.vcard.dates import OMITTED_YEAR, is_plain
from contactsvc.contacts.vcard.heads import CACHED_MAX_LENGTH, encode
from contactsvc.contacts.vcard.text import escape, needs_escape
from contactsvc.contacts.vcard.values import URI

Version = Literal["3.0", "4.0"]

MAX_OCTETS: Final = 75
"""Octets of a line without its end (RFC 6350, 3.2)."""

_NAMES_IN_3_0: Final = {
    "ANNIVERSARY": "X-ABDATE",
    "RELATED": "X-ABRELATEDNAMES",
    "KIND": "X-ADDRESSBOOKSERVER-KIND",
    "MEMBER": "X-ADDRESSBOOKSERVER-MEMBER",
}
_APPLES_LABELS: Final = frozenset(
    (
        *("Anniversary", "Assistant", "Brother", "Child", "Daughter", "Father", "Friend", "Home"),
        *("HomePage", "Manager", "Mother", "Other", "Parent", "Partner", "Sister", "Son"),
        *("Spouse", "Work"),
    )
)
"""Labels that Apple shows in the language of the device."""

_RELATIONS: Final = frozenset(
    (
        *("acquaintance", "agent", "child", "co-resident", "co-worker", "colleague", "contact"),
        *("crush", "date", "emergency", "friend", "kin", "me", "met", "muse", "neighbor"),
        *("parent", "sibling", "spouse", "sweetheart"),
    )
)
"""The types of RELATED (RFC 6350, 6.6.6)."""

_DATES: Final = ("BDAY", "ANNIVERSARY", "X-ABDATE")
_STRUCTURED: Final = ("N", "ADR", "ORG")
_URIS: Final = ("URL", "MEMBER", "PHOTO")


def write_card(card: Card, version: Version) -> bytes:
    """Return a card as it stands in a file: folded, with CRLF at the end of each line.

    The names that a version demands are written, and be they empty: FN, and N in 3.0.
    """
    names = {each.name for each in card.properties}
    demanded = ["FN:"] if "FN" not in names else []
    if version == "3.0" and "N" not in names:
        demanded.append("N:;;;;")
    body = Lines(version, (each.group for each in card.properties)).of(card.properties)
    lines = ["BEGIN:VCARD", f"VERSION:{version}", *demanded, *body, "END:VCARD"]
    return b"".join(map(folded, lines))


def folded(line: str) -> bytes:
    """Return a content line with its end, in pieces of MAX_OCTETS that cut no character."""
    data = line.encode("utf-8", "replace").replace(b"\0", b"")
    if len(data) <= MAX_OCTETS:
        return data + b"\r\n"
    pieces = []
    start, end = 0, MAX_OCTETS
    while end < len(data):
        while data[end] & 0xC0 == 0x80:  # the rest of a character
            end -= 1
        pieces.append(data[start:end])
        start, end = end, end + MAX_OCTETS - 1
    return b"\r\n ".join([*pieces, data[start:]]) + b"\r\n"


def photo_start(photo: Property) -> str:
    """Return the content line of a photo in 4.0 up to its base64."""
    (line,) = Lines("4.0", ()).of([photo._replace(data=b"\0", label="")])
    return line.removesuffix("AA==")


class Lines:
    """Makes the content lines of a card, with a group for each property that has a label.

    Args:
        version: The version to write.
        groups: The groups that are taken.
    """

    def __init__(self, version: Version, groups: Iterable[str]) -> None:
        self._version: Version = version
        self._labels = dict.fromkeys(groups, "")
        self._numbers = count(1)

    def of(self, properties: Iterable[Property]) -> list[str]:
        """Return content lines, unfolded."""
        found: list[str] = []
        for each in properties:
            if each.raw:
                found.append(each.raw.replace("\r", "").replace("\n", "\\n"))
            else:
                found += self._of(each)
        return found

    def _of(self, known: Property) -> list[str]:
        if self._version == "3.0":
            known = _in_3_0(known)
        line = _line(known, self._version)
        if not known.label:
            return [f"{known.group}.{line}" if known.group else line]
        group, is_named = self._named_group(known)
        written = f"{group}.{line}"
        return [written] if is_named else [written, f"{group}.X-ABLabel:{_label(known.label)}"]

    def _named_group(self, known: Property) -> tuple[str, bool]:
        """Return a group for a label, and whether it has that label already."""
        group = known.group
        while not group or self._labels.get(group) not in ("", None, known.label):
            group = f"item{next(self._numbers)}"
            group = "" if group in self._labels else group
        is_named = self._labels.get(group) == known.label
        self._labels[group] = known.label
        return group, is_named


def _in_3_0(known: Property) -> Property:
    """Return a property as one that 3.0 has a name for."""
    name, label, types = known.name, known.label, known.types
    if name == "ANNIVERSARY":
        label = label or "Anniversary"
    elif name == "RELATED" and types and not label:
        label, types = types[0].capitalize(), types[1:]
    return known._replace(name=_NAMES_IN_3_0.get(name, name), label=label, types=types)


def _label(label: str) -> str:
    return f"_$!<{label}>!$_" if label in _APPLES_LABELS else escape(label)


def _line(known: Property, version: Version) -> str:
    value, parameters = _value(known, version)
    types = known.types
    if known.name == "RELATED" and not types and known.label.lower() in _RELATIONS:
        types = (known.label.lower(),)
    is_short = sum(map(len, types)) <= CACHED_MAX_LENGTH
    said = (_cached_said if is_short else _said)(types, known.pref, version)
    if parameters or known.parameters:
        return f"{';'.join((known.name, *parameters))}{said}{_joined(known.parameters)}:{value}"
    return f"{known.name}{said}:{value}"


def _joined(parameters: Iterable[str]) -> str:
    return "".join([f";{each}" for each in parameters])


def _said(types: tuple[str, ...], pref: int | None, version: Version) -> str:
    """Return the parameters that tell types and a degree of preference."""
    is_3_0 = version == "3.0"
    said = [f"TYPE={encode(kind.upper() if is_3_0 else kind)}" for kind in types]
    if pref:
        said.append("TYPE=PREF" if is_3_0 and pref == 1 else f"PREF={pref}")
    return _joined(said)


_cached_said: Final = lru_cache(maxsize=1024)(_said)
"""Does as _said for types of CACHED_MAX_LENGTH characters at the most."""


def _value(known: Property, version: Version) -> tuple[str, list[str]]:
    """Return the value of a property as it is written, and what its head says of it."""
    if known.name in _DATES:
        return _date(known.value, version)
    if known.data:
        return _picture(known, version)
    if known.parts:
        parts: Iterable[str] = known.parts
        if needs_escape("".join(known.parts)):
            parts = map(escape, parts)
        return (";" if known.name in _STRUCTURED else ",").join(parts), []
    if known.name in _URIS or "VALUE=uri" in known.parameters:
        uri = known.value.replace("\\", "\\\\").replace("\r", "").replace("\n", "\\n")
        return uri, ["VALUE=uri"] if known.name == "PHOTO" else []
    is_text = known.name == "RELATED" and not URI.match(known.value)
    return escape(known.value), ["VALUE=text"] if is_text else []


def _date(value: str, version: Version) -> tuple[str, list[str]]:
    """Return a date in basic form, as 4.0 has it alone, or in extended form, as most read 3.0."""
    if not is_plain(value):
        return escape(value), ["VALUE=date-time"] if version == "3.0" else []
    if value.startswith("-"):
        if version == "3.0":
            return f"{OMITTED_YEAR}{value[1:]}", [f"X-APPLE-OMIT-YEAR={OMITTED_YEAR}"]
        return value.replace("-", "").rjust(6, "-"), []
    return value if version == "3.0" else value.replace("-", ""), []


def _picture(photo: Property, version: Version) -> tuple[str, list[str]]:
    data = b64encode(photo.data).decode()
    if version == "4.0":
        return f"data:{photo.value};base64,{data}", []
    kind = photo.value.removeprefix("image/").upper()
    return data, ["ENCODING=b", *([f"TYPE={encode(kind)}"] if kind else [])]
