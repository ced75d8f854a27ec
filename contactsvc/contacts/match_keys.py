"""The keys by which two contacts are found to be the same person.

Each is a number: two bits tell its kind, the others are a hash of an e-mail, a number or a name.
So an index carries the keys of all contacts, and one pass over it finds those who share one.
"""

import re
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from itertools import chain, islice, zip_longest
from typing import Any, Final

from contactsvc.platform.text.phone_numbers import digits
from contactsvc.platform.text.search_keys import email_key, search_key

KINDS: Final = ("same_email", "same_phone", "same_name")
"""What a key says that two contacts have in common, by its two lowest bits."""

MAX_KEYS: Final = 8
"""Keys of one contact: those of its name and of the first e-mails and phones, in turn."""

_EMAIL, _PHONE, _NAME = range(len(KINDS))
_KIND_BITS: Final = 0b11
_NICKNAME: Final = re.compile(r"""\(.*?\)|".*?"|“.*?”|„.*?“|«.*?»""")
"""A nickname within a name: Robert "Bob" Smith, Robert (Bob) Smith."""
_WORD: Final = re.compile(r"[^\W_]+")


def match_keys(contact: Mapping[str, Any]) -> list[int]:
    """Return the keys of a contact, each once.

    Args:
        contact: The names, the organization, and ``details`` with international forms of phones.
    """
    details = contact["details"]
    emails = (_key(_EMAIL, email_key(entry["value"])) for entry in details["emails"])
    phones = (
        # As an import compares them: the extension of a number has digits, too.
        _key(_PHONE, digits(entry["e164"] or entry["value"]))
        for entry in details["phones"]
    )
    in_turn = chain.from_iterable(zip_longest(emails, phones))
    found = (key for key in chain(_name_key(contact), in_turn) if key is not None)
    return list(islice(dict.fromkeys(found), MAX_KEYS))


def _name_key(contact: Mapping[str, Any]) -> Iterator[int]:
    """Yield the key of a name: the words of first and last name, in any order.

    Who has neither goes by the organization. Middle names, titles and nicknames do not count.
    """
    name = f"{contact['first_name']} {contact['last_name']}".strip() or contact["organization"]
    folded = search_key(name).replace("'", "")
    words = sorted(_WORD.findall(_NICKNAME.sub(" ", folded)) or _WORD.findall(folded))
    if words:
        yield _key(_NAME, " ".join(words))


def _key(kind: int, text: str) -> int:
    hashed = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8, person=b"%d" % kind)
    return int.from_bytes(hashed.digest(), signed=True) & ~_KIND_BITS | kind
