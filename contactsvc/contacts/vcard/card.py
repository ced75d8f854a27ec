"""A card: properties that mean the same in every version, and those that nobody here knows."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from contactsvc.contacts.transfer.records import Remark

LABEL: Final = "X-ABLABEL"
"""The property by which Apple and most others name the other ones of its group."""


class Property(NamedTuple):
    """A property of a card.

    Args:
        name: Its name in upper case, the same in all versions: RELATED also for X-ABRELATEDNAMES.
        value: Its text without escapes; a URI; of a photo with ``data`` the media type.
        parts: The parts of a name, address, organization or list.
        data: The bytes of a photo.
        types: What TYPE says, in lower case, less ``pref`` and what says nothing (``internet``).
        pref: 1 for the most preferred of its kind, to 100; None if nothing is said.
        label: What X-ABLabel calls it.
        group: In lower case, where the card has something else in this group, too.
        parameters: Other parameters as they stand in the line.
        raw: The whole line, unfolded, of a property that is kept as it came; else empty. ``value``
            is its value then, and the other attributes say nothing.
    """

    name: str
    value: str = ""
    parts: tuple[str, ...] = ()
    data: bytes = b""
    types: tuple[str, ...] = ()
    pref: int | None = None
    label: str = ""
    group: str = ""
    parameters: tuple[str, ...] = ()
    raw: str = ""


def bare(name: str, value: str = "", parts: tuple[str, ...] = ()) -> Property:
    """Return a property that has nothing else, past the constructor, which takes half the time."""
    return _new(Property, (name, value, parts, b"", *BARE))


_new: Final = tuple.__new__
BARE: Final = Property("")[4:]
"""What stands behind the data of a property that has nothing else."""


class Card(NamedTuple):
    """A card that was read, or is to be written.

    Args:
        version: The version that it was read in: 2.1, 3.0 or 4.0.
        properties: In their order, but VERSION.
        line: The line on which it begins, counted from 1.
        remarks: What of it could not be read.
    """

    version: str
    properties: Sequence[Property]
    line: int = 1
    remarks: Sequence[Remark] = ()

    def all(self, name: str) -> list[Property]:
        """Return the properties of a name that were understood."""
        return [each for each in self.properties if each.name == name and not each.raw]

    def first(self, name: str) -> Property | None:
        """Return the most preferred property of a name; None if there is none."""
        return min(self.all(name), key=preference, default=None)


def preference(read: Property) -> int:
    """Return what properties of a name are ordered by: the most preferred first."""
    return read.pref or 101
