"""A card as a contact, and a contact as a card, without loss either way.

Fields say less than properties: a phone has one type, but may be HOME, FAX and VOICE in a card. So
``extra`` keeps content lines of two kinds, in this order:

- ``X-CONTACTSVC-AS-READ:`` and a line that was read into a field, where the field does not say all
  that the line does. As long as the field still says the same, that line is written and none is
  made; where an entry of a list was changed in part, the rest of its line is kept. Once what the
  line said is gone, so is the line.
- A line that has no field, in the notation of vCard 4.0 or as it came, in its order. It is written
  whatever becomes of the fields.

Nobody else needs to know of the difference: to others, all are content lines.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from contactsvc.contacts.transfer.records import ReadContact
from contactsvc.contacts.vcard import android
from contactsvc.contacts.vcard.card import Card, Property, preference
from contactsvc.contacts.vcard.entries import (
    ANNIVERSARY,
    LISTS,
    entry_of,
    likeness,
    property_of,
    renewed,
    says_all,
)
from contactsvc.contacts.vcard.extra import AS_READ_PREFIX, groups_of
from contactsvc.contacts.vcard.fields import FAMILIES, Fields, are_said, chosen, is_said
from contactsvc.contacts.vcard.reader import read_lines
from contactsvc.contacts.vcard.values import media_type_of
from contactsvc.contacts.vcard.writer import Lines, photo_start

_ONCE: Final = ("UID", "BDAY")
_PLACES: Final = {name: key for key, family in FAMILIES.items() for name in family.names} | LISTS
"""The family or the list that a property is in."""
_NAMES_LAST: Final = (*(key for key in FAMILIES if key != "N"), "N")
_ORDER: Final = (*FAMILIES, *dict.fromkeys(LISTS.values()), android.NAME)
"""In which order cards are written."""


def to_read_contact(card: Card) -> ReadContact:
    """Return what a card says of a contact; values may be beyond what a contact may hold."""
    reading = _Reading(card)
    reading.take_lists()
    reading.take_families()
    extra, photo = reading.extra(), reading.photo
    start = photo_start(photo) if photo else ""
    data = photo.data if photo else None
    return ReadContact(card.line, reading.fields, extra, data, start, card.remarks)


class _Reading:
    """A card while it is taken apart: what has a field, and what has to be kept beside it."""

    def __init__(self, card: Card) -> None:
        self.fields: dict[str, Any] = {}
        self.photo: Property | None = None
        self._card = card
        self._as_read: dict[str, list[Property]] = {}
        self._plain: list[Property] = []
        self._found: dict[str, list[Property]] = {}
        androids: list[Property] = []
        for each in card.properties:
            place = _PLACES.get(each.name)
            if each.raw:
                (androids if each.name == android.NAME else self._plain).append(each)
            elif place in self._found:
                self._found[place].append(each)
            elif place is not None:
                self._found[place] = [each]
            elif each.name == "PHOTO" and each.data and self.photo is None:
                self.photo = each
            else:
                self._plain.append(each)
        if androids:
            self._take_androids(androids)

    def _take_androids(self, androids: Sequence[Property]) -> None:
        """Take properties of Android for standard ones, unless the card has others of these."""
        found = self._found
        said = {android.key(each) for place in android.PLACES for each in found.get(place, ())}
        self._plain += androids[android.MAX_READ :]
        for each in androids[: android.MAX_READ]:
            meant = android.meaning(each)
            place = _PLACES[meant.name] if meant else ""
            is_said = meant is not None and android.key(meant) in said
            if meant is None or (place in FAMILIES and place in found and not is_said):
                self._plain.append(each)
                continue
            if not is_said:
                said.add(android.key(meant))
                found.setdefault(place, []).append(meant)
            self._as_read.setdefault(android.NAME, []).append(each)

    def take_lists(self) -> None:
        """Take the entries of lists, those first that the card prefers."""
        for name, found in self._found.items():
            if name in FAMILIES:
                continue
            entries = []
            for each in sorted(found, key=preference) if len(found) > 1 else found:
                entry = entry_of(each)
                entries.append(entry)
                if not says_all(each, entry):
                    self._as_read.setdefault(name, []).append(each)
            self.fields[name] = entries

    def take_families(self) -> None:
        """Take the other fields; names last, since another field may be what is shown for one."""
        fields = self.fields
        for key in _NAMES_LAST:
            found = self._found.get(key)
            if found is None:
                continue
            family = FAMILIES[key]
            taken = chosen(family, found) if len(found) > 1 else found
            fields |= family.reads(taken, fields)
            if key == "N":
                self._name_company(taken)
            if not is_said(family, taken, fields):
                self._as_read[key] = taken
            if len(taken) < len(found):
                self._plain += [each for each in found if each not in taken]

    def _name_company(self, names: Sequence[Property]) -> None:
        """Take the name that a company is shown as for its organization, where it has none."""
        if "organization" in self.fields or "first_name" not in self.fields:
            return
        if any(each.name == "N" for each in names):
            return
        if any(_is_company(each) for each in self._plain):
            self.fields["organization"] = names[0].value.strip()
            for field in ("first_name", "last_name"):
                self.fields.pop(field, None)

    def extra(self) -> list[str]:
        """Return the lines that are kept beside the fields."""
        if not self._as_read and not self._plain:
            return []
        lines = Lines("4.0", [each.group for each in self._card.properties if each.group])
        as_read = [each for name in _ORDER if name in self._as_read for each in self._as_read[name]]
        return [*(AS_READ_PREFIX + line for line in lines.of(as_read)), *lines.of(self._plain)]


def _is_company(each: Property) -> bool:
    if each.name == "X-ABSHOWAS":
        return each.value.upper() == "COMPANY"
    return each.name == "KIND" and each.value == "org"


def from_contact(fields: Fields, extra: Iterable[str] = (), photo: bytes | None = None) -> Card:
    """Return a contact as a card.

    Args:
        fields: The fields of the contact and its lists; one that is missing is empty.
        extra: What :func:`to_read_contact` has kept, and other content lines.
        photo: The bytes of an image.
    """
    as_read, others = _kept(extra)
    # These stand beside the standard properties, which other programs know.
    others += _said_androids(as_read, fields)
    properties: list[Property] = []
    for family in FAMILIES.values():
        kept = [each for each in as_read if each.name in family.names]
        made = family.makes(fields)
        if kept and are_said(family, kept, fields):
            said = {each.name for each in kept}
            made = [*kept, *(each for each in made if each.name not in said)]
        properties += made
    for name in dict.fromkeys(LISTS.values()):
        entries = fields.get(name) or ()
        kept = [each for each in as_read if LISTS.get(each.name) == name]
        properties += _of_list(name, entries, kept)
    if photo:
        properties.append(Property("PHOTO", media_type_of(photo), data=photo))
    return Card("4.0", _in_groups(properties, others))


def _said_androids(as_read: Sequence[Property], fields: Fields) -> list[Property]:
    """Return the properties of Android of which the fields still say the same."""
    androids = [each for each in as_read if each.name == android.NAME]
    said = android.keys_of(fields) if androids else set()
    return [
        each for each in androids if (meant := android.meaning(each)) and android.key(meant) in said
    ]


def _kept(extra: Iterable[str]) -> tuple[list[Property], list[Property]]:
    """Return the properties that were read into fields, and those that have none."""
    as_read, others = [], []
    for line in extra:
        if line.startswith(AS_READ_PREFIX):
            as_read.append(line.removeprefix(AS_READ_PREFIX))
        else:
            others.append(line)
    if not as_read:
        return [], read_lines(others)
    groups = [groups_of(lines) for lines in (as_read, others)]
    return read_lines(as_read, groups[1]), read_lines(others, groups[0])


def _of_list(
    name: str, entries: Sequence[Mapping[str, Any]], kept: list[Property]
) -> list[Property]:
    """Return the properties of a list."""
    if not kept:
        made = [property_of(name, entry) for entry in entries]
        return _one_anniversary(made) if name == "dates" else made
    by_likeness: dict[str, list[Property]] = {}
    for each in kept:
        by_likeness.setdefault(likeness(entry_of(each)), []).append(each)
    found = []
    for entry in entries:
        alike = by_likeness.get(likeness(entry))
        found.append(renewed(alike.pop(0), name, entry) if alike else property_of(name, entry))
    degrees = list(map(preference, found))
    if degrees != sorted(degrees):  # the list is in another order now, and that counts
        found = [each._replace(pref=None) for each in found]
    return _one_anniversary(found) if name == "dates" else found


def _one_anniversary(dates: list[Property]) -> list[Property]:
    """Return dates of which one is ANNIVERSARY at most (RFC 6350, 6.2.6)."""
    found: list[Property] = []
    has_one = False
    for each in dates:
        if each.name == "ANNIVERSARY" and has_one:
            each = each._replace(name="X-ABDATE", label=each.label or ANNIVERSARY)
        has_one |= each.name == "ANNIVERSARY"
        found.append(each)
    return found


def _in_groups(properties: list[Property], others: Sequence[Property]) -> list[Property]:
    """Return all properties; what shares a group with one that has a field stands behind it."""
    names = {each.name for each in properties}
    others = [each for each in others if each.name not in _ONCE or each.name not in names]
    grouped: dict[str, list[Property]] = {}
    ungrouped: list[Property] = []
    groups = {each.group for each in properties if each.group}
    for each in others:
        (grouped.setdefault(each.group, []) if each.group in groups else ungrouped).append(each)
    found: list[Property] = []
    for each in properties:
        found += [each, *(grouped.pop(each.group, ()) if each.group else ())]
    return found + ungrouped
