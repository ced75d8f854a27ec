"""What Google and its like write beside a value: a type, a label, that it is preferred."""

import re
from functools import lru_cache
from typing import Final, NamedTuple

JOINT: Final = " ::: "
"""What stands between values in one cell."""

_PREFERRED: Final = "*"
_SHORT: Final = 200
"""Characters of a label at most that are looked at; longer ones are no labels."""
_SYSTEM: Final = ("starred", "mycontacts")
_SEPARATORS: Final = re.compile("[;,]")
"""What Outlook and people write between categories."""
_TYPES: Final = {
    "home": "home personal private privat domicile personnel casa particular abitazione",
    "work": "work business office arbeit geschäftlich dienstlich beruflich bureau travail"
    " professionnel trabajo lavoro ufficio",
    "other": "other sonstige andere weitere autre otro altro",
    "mobile": "mobile cell cellular iphone mobil handy portable móvil celular cellulare",
    "fax": "fax",
    "pager": "pager",
}
_TYPE_OF: Final = {word: type_ for type_, words in _TYPES.items() for word in words.split()}
_FAXES: Final = {"work fax": "Work", "home fax": "Home", "other fax": "Other"}
_PROTOCOLS: Final = ("smtp", "ex")
"""What Outlook writes as the type of an e-mail address: how it is reached."""
_OF_PHONES: Final = ("mobile", "fax", "pager")


class Kind(NamedTuple):
    """What is said of a value."""

    entry_type: str | None
    """Its type; None if there is none."""
    label: str
    """Its label, where it is not a type."""
    is_preferred: bool = False
    """Whether it is the preferred one."""


def kind(text: str, field: str) -> Kind:
    """Return what a cell beside a value says: "Work", "* Mobile", "Chess club".

    Args:
        text: The cell.
        field: The list that the value is of; some types are for phones alone.
    """
    return _kind(text, field) if len(text) <= _SHORT else Kind(None, text)


@lru_cache(maxsize=1000)
def _kind(text: str, field: str) -> Kind:
    is_preferred = text.startswith(_PREFERRED)
    label = text.removeprefix(_PREFERRED).strip()
    word = label.casefold()
    if field == "phones" and word in _FAXES:
        return Kind("fax", _FAXES[word], is_preferred)
    if field == "emails" and word in _PROTOCOLS:
        return Kind(None, "", is_preferred)
    type_ = _TYPE_OF.get(word)
    if type_ is None or (type_ in _OF_PHONES and field != "phones"):
        return Kind(None, label, is_preferred)
    return Kind(type_, "", is_preferred)


def groups(text: str, *, is_own: bool) -> tuple[list[str], bool]:
    """Return the tags that a cell says, and whether it says that the contact is a favorite.

    A star before a name says that Google has made the group: "* myContacts" is everybody.

    Args:
        text: The cell.
        is_own: Whether this service has written it, so that every character is literal.
    """
    if is_own:
        return text.split(JOINT), False
    tags, is_favorite = [], False
    for name in text.split(JOINT.strip()) if JOINT.strip() in text else _SEPARATORS.split(text):
        tag = name.strip()
        is_system = tag.startswith(_PREFERRED)
        tag = tag.removeprefix(_PREFERRED).strip()
        word = tag.casefold().replace(" ", "")
        is_favorite = is_favorite or (is_system and word == "starred")
        if tag and not (is_system and word in _SYSTEM):
            tags.append(tag)
    return tags, is_favorite
