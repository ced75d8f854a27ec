"""The names that programs give their columns, language by language.

Each module says for targets (:func:`contactsvc.contacts.transfer.csv.targets.parsed`) what columns
are called; several names stand between bars. Case, spaces, accents and punctuation do not count.
``prefix or title`` and ``name or last_name`` are for names that may mean either.
"""

from collections.abc import Mapping
from typing import Final

from contactsvc.contacts.transfer.csv.languages import (
    english,
    french,
    german,
    italian,
    russian,
    spanish,
    ukrainian,
)

NAMES: Final[Mapping[str, Mapping[str, str]]] = {
    "English": english.NAMES,
    "German": german.NAMES,
    "French": french.NAMES,
    "Spanish": spanish.NAMES,
    "Italian": italian.NAMES,
    "Russian": russian.NAMES,
    "Ukrainian": ukrainian.NAMES,
}
"""The names of each language. Where files do not tell which it is, the first one counts."""
