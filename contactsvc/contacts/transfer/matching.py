"""Tells which contact of a file is one that is there already, or came before in the file.

It is by its uid, or else by its name together with an e-mail or a number. Letters make the name,
whatever their case and accents; digits make the number, in international form where it has one.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from contactsvc.contacts.keys import display_name
from contactsvc.platform.text.phone_numbers import digits
from contactsvc.platform.text.sort_keys import same_letters

_HIGHEST: Final = b"\xff"
"""Greater than what follows the letters in any key: no weight begins with it."""


MAX_MARKS: Final = 1_000_000
"""Marks that are remembered: some 80 MB. A file and a book at their limits have six times as many,
if each contact has twenty e-mails and phones; of those beyond, some may be added once more."""


class NameRange(NamedTuple):
    """The sort keys, by last name, of all contacts that have the same letters in their name.

    Args:
        first: Where they begin.
        end: Where they have ended.
    """

    first: bytes
    end: bytes


def name_range(contact: Mapping[str, Any]) -> NameRange:
    """Return the range of a contact; ``last_name_sort`` of those of its name lies in it.

    Args:
        contact: Its columns.
    """
    first_name, last_name = contact["first_name"], contact["last_name"]
    shown = "" if first_name or last_name else contact["organization"] or display_name(contact)
    return range_of(same_letters(last_name or shown, first_name))


def range_of(letters: bytes) -> NameRange:
    """Return the range of a name by what its sort keys begin with."""
    return NameRange(letters, letters + _HIGHEST)


def marks(
    name: bytes, emails: Iterable[Mapping[str, Any]], phones: Iterable[Mapping[str, Any]]
) -> Iterator[int]:
    """Yield a number for each e-mail and phone of a contact; who shares one is the same.

    They are hashes of 64 bits with the key of this process, so that many take little memory and
    nobody can make two be equal.

    Args:
        name: The beginning of the contact's name range.
        emails: Its e-mails.
        phones: Its phones, with their international forms.
    """
    for entry in emails:
        yield hash((name, entry["value"].casefold()))
    for entry in phones:
        yield hash((name, digits(entry["e164"] or entry["value"])))


class Known:
    """The contacts that an import knows of: those that are there, and those that it has added.

    Each is known by its place, which is an id, or a negative number until it has one.

    Args:
        max_marks: The most marks that are remembered.
    """

    def __init__(self, max_marks: int = MAX_MARKS) -> None:
        self._max_marks = max_marks
        self._by_uid: dict[int, int] = {}
        self._by_mark: dict[int, int] = {}
        self._asked: set[int] = set()

    def is_new_name(self, name: NameRange) -> bool:
        """Return whether nobody has asked yet for the contacts of a name; now somebody has."""
        key = hash(name.first)
        is_new = key not in self._asked
        self._asked.add(key)
        return is_new

    def add(self, place: int, uid: str, found_by: Iterable[int]) -> None:
        """Remember a contact; of two with the same e-mail, the first counts."""
        self._by_uid.setdefault(hash(uid), place)
        for mark in found_by:
            if len(self._by_mark) < self._max_marks:
                self._by_mark.setdefault(mark, place)

    def by_uid(self, uid: str) -> int | None:
        """Return the place of the contact that has a uid."""
        return self._by_uid.get(hash(uid))

    def by_marks(self, found_by: Iterable[int]) -> int | None:
        """Return the place of a contact that has one of these marks."""
        return next((self._by_mark[mark] for mark in found_by if mark in self._by_mark), None)
