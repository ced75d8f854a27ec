"""Which contacts a listing finds."""

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
    """Which contacts to list. Empty text matches all; no character has a special meaning.

    Args:
        q: Words, each of which occurs in a name, the e-mail or the phone.
        first_name: Occurs in the first name.
        last_name: Occurs in the last name.
        email: Occurs in the e-mail.
    """

    q: str = ""
    first_name: str = ""
    last_name: str = ""
    email: str = ""

    def condition(self, region: str | None = None) -> Q:
        """Return the condition that the rows fulfil.

        Args:
            region: ISO 3166-1 alpha-2 of where the numbers in ``q`` are dialled.
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
    """Return the condition for words of digits that stand together.

    Each of them occurs in a text or, whatever its punctuation, in the digits of the number; or all
    together are the number. So ``- `` alone is looked for, but does not count between digits.
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
