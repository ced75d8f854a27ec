"""New contacts of a file as COPY takes them: most of each row is made before the book is locked."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from contactsvc.contacts.model import ChangedBy
from contactsvc.contacts.rows import COLUMNS, TIMES
from contactsvc.platform.database.binary_copy import ENCODERS, begin_of_row, whole

_OF_ALL: Final = ("version", "derived_version", "changed_by", *TIMES)
_OWN: Final = tuple(name for name in COLUMNS if name not in ("uid", "card_name", *_OF_ALL))
_ENCODERS: Final = [(name, ENCODERS[COLUMNS[name]]) for name in _OWN]
_bigint: Final = ENCODERS["BIGINT"]
_text: Final = ENCODERS["VARCHAR"]

COPIED: Final = ("owner_id", *_OF_ALL, "seq", "id", "uid", "card_name", *_OWN)
"""The columns that are copied, in their order."""


class NewRow(NamedTuple):
    """The row of a new contact.

    Args:
        uid: Its uid.
        card_name: As the column.
        values: What :func:`values_of` gives.
    """

    uid: str
    card_name: str | None
    values: bytes


def values_of(columns: Mapping[str, Any]) -> bytes:
    """Return what a row has of its own, besides its key, its uid and its name as a card.

    Args:
        columns: The columns of a new contact.
    """
    return b"".join([encode(columns[name]) for name, encode in _ENCODERS])


def copied(
    owner_id: int, seq: int, ids: Sequence[int], contacts: Sequence[NewRow], moment: datetime
) -> bytes:
    """Return what is sent to add contacts.

    Args:
        owner_id: Their owner.
        seq: The number of the first one's change.
        ids: Their ids.
        contacts: The contacts.
        moment: The time.
    """
    of_all = {"version": 1, "derived_version": 1, "changed_by": ChangedBy.IMPORT}
    of_all |= dict.fromkeys(TIMES, moment)
    begin = begin_of_row(len(COPIED)) + _bigint(owner_id)
    begin += b"".join([ENCODERS[COLUMNS[name]](of_all[name]) for name in _OF_ALL])
    pieces = []
    for number, (contact_id, contact) in enumerate(zip(ids, contacts, strict=True), seq):
        pieces += [begin, _bigint(number), _bigint(contact_id)]
        pieces += [_text(contact.uid), _text(contact.card_name), contact.values]
    return whole(pieces)
