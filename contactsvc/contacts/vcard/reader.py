"""Reads cards out of a file, one after the other, in memory that stays flat."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import repeat
from typing import Final

from contactsvc.contacts.transfer.records import Remark, Unreadable
from contactsvc.contacts.vcard.card import LABEL, Card, Property
from contactsvc.contacts.vcard.content_lines import (
    OLD,
    ContentLine,
    TooManyLines,
    content_lines,
    plain_texts,
    version_of,
)
from contactsvc.contacts.vcard.envelopes import TOO_LARGE, Envelope, envelopes
from contactsvc.contacts.vcard.lines import BOM, lines
from contactsvc.contacts.vcard.properties import read_property
from contactsvc.contacts.vcard.values import decoded
from contactsvc.platform.text.windows import codec_of

MAX_REMARKS: Final = 100
"""Remarks on a card; of more bad lines nothing is said."""

_LEFT_OUT: Final = "The line is left out."
_APPLES: Final = ("_$!<", ">!$_")


def read_cards(chunks: Iterable[bytes]) -> Iterator[Card | Unreadable]:
    """Yield the cards of a file, and the places of it that cannot be read.

    Nothing in a file raises an exception: a bad line costs itself, a bad card itself. At most one
    card is in memory, and MAX_CARD bytes of a file that has none.

    Args:
        chunks: The bytes of the file, cut anywhere.
    """
    for found in envelopes(lines(chunks)):
        yield found if isinstance(found, Unreadable) else _card(found)


def _card(envelope: Envelope) -> Card | Unreadable:
    version = version_of(envelope)
    is_old = version == OLD
    try:
        texts = plain_texts(envelope, is_old=is_old)
        found = content_lines(envelope, is_old=is_old) if texts is None else None
    except TooManyLines:
        return Unreadable(Remark(envelope.line, "", TOO_LARGE))
    properties: list[Property] = []
    faults: list[tuple[int, str]] = []
    for index, (text, line) in enumerate(_pairs(texts, found)):
        try:
            read, detail = read_property(text, is_old, line)
        except ValueError as error:
            read, detail = None, f"{error} {_LEFT_OUT}"
        if detail and len(faults) < MAX_REMARKS:
            faults.append((index, detail))
        if read is not None:
            properties.append(read)
    remarks: list[Remark] = []
    if faults:
        found = found or content_lines(envelope, is_old=is_old)
        remarks = [Remark(found[index][0], "", detail) for index, detail in faults]
    return Card(version, with_labels(properties), envelope.line, remarks)


def _pairs(texts: list[str] | None, found: list[ContentLine] | None) -> Iterable[tuple[str, bytes]]:
    """Return lines as texts and, where they may have an encoding of their own, as bytes."""
    if texts is not None:
        return zip(texts, repeat(b""))
    lines_of_card = [line for _, line in found or ()]
    codec = codec_of(b"\n".join(lines_of_card))
    return ((decoded(line.removeprefix(BOM), codec), line) for line in lines_of_card)


def read_lines(texts: Iterable[str], shared: Iterable[str] = ()) -> list[Property]:
    """Return the properties of content lines of vCard 3.0 or 4.0 that were read before.

    Args:
        texts: The lines, unfolded. Those that are no content lines are left out.
        shared: Groups that have other lines, too.
    """
    properties: list[Property] = []
    for text in texts:
        with suppress(ValueError):
            read, _ = read_property(text, False)
            if read is not None:
                properties.append(read)
    return with_labels(properties, shared)


def with_labels(properties: list[Property], shared: Iterable[str] = ()) -> list[Property]:
    """Return properties with the labels of their groups, in the place of X-ABLabel.

    A property that is alone in its group needs none.

    Args:
        properties: All properties of a card; the labels are among them.
        shared: Groups that have other properties, too.
    """
    grouped = [each for each in properties if each.group]
    if not grouped:
        return properties
    groups = _Groups(grouped, shared)
    taken: set[str] = set()
    labelled: list[Property] = []
    for each in properties:
        if not each.group:
            labelled.append(each)
        elif each.name == LABEL and each.group in groups.known and not _plain(each.value):
            continue
        elif each.name == LABEL and each.group in groups.known and each.group not in taken:
            taken.add(each.group)
        else:
            labelled.append(groups.labelled(each))
    return labelled


class _Groups:
    """The groups of a card."""

    def __init__(self, grouped: list[Property], shared: Iterable[str]) -> None:
        self.known: set[str] = set()
        self._labels: dict[str, str] = {}
        self._members = dict.fromkeys(shared, 1)
        for each in grouped:
            if each.name == LABEL:
                self._labels[each.group] = self._labels.get(each.group) or _plain(each.value)
            else:
                self._members[each.group] = self._members.get(each.group, 0) + 1
                if not each.raw:
                    self.known.add(each.group)

    def labelled(self, each: Property) -> Property:
        """Return a property with its label, and without a group in which it is alone."""
        if each.raw:
            return each
        label = self._labels.get(each.group) or each.label
        group = each.group if self._members[each.group] > 1 else ""
        # RELATED is written with both, for those who know one of them alone.
        is_said_twice = each.name == "RELATED" and each.types == (label.lower(),)
        types = () if is_said_twice else each.types
        return each._replace(label=label, types=types, group=group)


def _plain(label: str) -> str:
    """Return a label as people see it: Apple writes those of its own as ``_$!<Home>!$_``.

    What is around it is counted and not cut off piece by piece, which takes linear time.
    """
    start, end = 0, len(label)
    while True:
        while start < end and label[start].isspace():
            start += 1
        while start < end and label[end - 1].isspace():
            end -= 1
        inner = start + len(_APPLES[0]), end - len(_APPLES[1])
        is_one_of_apples = label.startswith(_APPLES[0], start, inner[1])
        if not is_one_of_apples or not label.endswith(_APPLES[1], inner[0], end):
            return label[start:end]
        start, end = inner
