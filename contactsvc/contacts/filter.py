"""The filter of a list of contacts."""

import functools
import itertools
import operator
from collections.abc import Iterable
from dataclasses import dataclass

from tortoise.expressions import Q

from contactsvc.platform.text.phone_numbers import digits, international_digits, is_dialled
from contactsvc.platform.text.search_keys import search_key


@dataclass(frozen=True)
class ContactFilter:
    """The conditions on contacts to list; all must hold. No character is a wildcard.

    Args:
        q: Words, each of which must occur in a name, the e-mail or the phone; empty matches all.
        first_name: Text that must occur in the first name; empty matches all.
        last_name: Text that must occur in the last name; empty matches all.
        email: Text that must occur in the e-mail; empty matches all.
    """

    q: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    def condition(self, region: str | None = None) -> Q:
        """Return the condition of a query.

        Args:
            region: The ISO 3166-1 alpha-2 code of the region that numbers in ``q`` are read by;
                None reads only international ones.
        """
        conditions = [
            _number(list(words), region) if dialled else _all(map(_word, dict.fromkeys(words)))
            for dialled, words in itertools.groupby(search_key(self.q).split(), key=is_dialled)
        ]
        conditions += [
            Q(**{f"{field}_key__contains": search_key(text)})
            for field in ("first_name", "last_name", "email")
            if (text := getattr(self, field))
        ]
        return _all(conditions)


def _word(word: str) -> Q:
    return (
        Q(first_name_key__contains=word)
        | Q(last_name_key__contains=word)
        | Q(email_key__contains=word)
        | Q(phone_key__contains=word)
    )


def _number(words: list[str], region: str | None) -> Q:
    """Return the condition for adjacent words that look like parts of a phone number.

    Each word must occur in a text or, by its digits alone, in the digits of the number; or all
    words together must be the number. A word without digits, such as ``-``, is ignored if others
    have some, and looked for as text if none has.
    """
    if not any(map(digits, words)):
        return _all(map(_word, dict.fromkeys(words)))
    apart = _all(
        _word(word) if found == word else _word(word) | Q(phone_key__contains=found)
        for word in dict.fromkeys(words)
        if (found := digits(word))
    )
    together = international_digits(" ".join(words), region)
    return apart if together is None else apart | Q(phone_key__contains=together)


def _all(conditions: Iterable[Q]) -> Q:
    return functools.reduce(operator.and_, conditions, Q())
