"""What the names of columns mean, in the languages of the programs that write them."""

import unicodedata
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from contactsvc.contacts.transfer.csv import patterns
from contactsvc.contacts.transfer.csv.languages import NAMES
from contactsvc.contacts.transfer.csv.layout import HEADER, MORE
from contactsvc.contacts.transfer.csv.targets import TEXTS, Target, parsed

MAX_NAME_LENGTH: Final = 200
"""Characters of a column's name that are looked at."""

TITLE: Final = Target("prefix", "or title")
"""A column that is a form of address where another one is a job title, and else a job title."""

NAME: Final = Target("name", "or last_name")
"""A column that is the last name beside a first name alone, and else a name in one piece."""

_AMBIGUOUS: Final = {"prefix or title": TITLE, "name or last_name": NAME}


class Language(NamedTuple):
    """The names of a language."""

    name: str
    """What it is called."""
    targets: Mapping[str, Target]
    """What the names mean, by their keys."""


def key(name: str) -> str:
    """Return a column's name without case, accents, spaces and punctuation."""
    plain = unicodedata.normalize("NFKD", name[:MAX_NAME_LENGTH].casefold())
    return "".join(filter(str.isalnum, plain))


def _language(name: str, names: Mapping[str, str]) -> Language:
    return Language(
        name,
        {
            key(header): _AMBIGUOUS.get(target) or parsed(target)
            for target, headers in names.items()
            for header in headers.split(" | ")
        },
    )


LANGUAGES: Final = tuple(_language(name, names) for name, names in NAMES.items())
_FIELDS: Final = {
    **{key(name): Target(name) for name in (*TEXTS, "tags", "favorite")},
    **{key(name): Target("more") for name in MORE},
}
OWN: Final = Language(
    "contactsvc",
    {
        name: target
        for name in map(key, HEADER)
        if (target := _FIELDS.get(name) or patterns.matched(name))
    },
)
"""The names that this service writes."""


def language(names: Sequence[str]) -> Language:
    """Return the language that has most of the names; English if none has any.

    Args:
        names: The names in a file's header; one of ``MORE`` is in files of this service alone.
    """
    keys = [key(name) for name in names]
    if key(MORE[0]) in keys:
        return OWN
    return max(LANGUAGES, key=lambda each: sum(name in each.targets for name in keys))


def meaning(name: str, language: Language) -> Target | None:
    """Return what a column is, or None if its name says nothing.

    Args:
        name: The name of the column.
        language: The language that is asked first.
    """
    found = key(name)
    for targets in (language.targets, LANGUAGES[0].targets, _FIELDS):
        if found in targets:
            return targets[found]
    if found.isascii() and (target := patterns.matched(found)):
        return target
    return next((each.targets[found] for each in LANGUAGES if found in each.targets), None)


def is_known(name: str) -> bool:
    """Return whether any language has the name."""
    return meaning(name, LANGUAGES[0]) is not None
