"""The filter of the list of users."""

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, Final

from tortoise.expressions import Q

from contactsvc.accounts.users.model import Role
from contactsvc.platform.text.search_keys import email_part_key, search_key

_CONDITION: Final = "condition"


def _where(condition: Callable[[Any], Q]) -> dict[str, Callable[[Any], Q]]:
    """Return the metadata of a parameter: what rows fulfil where it is asked for."""
    return {_CONDITION: condition}


def _has_words(text: str) -> Q:
    return Q(*map(_has_word, dict.fromkeys(text.split())))


def _has_word(word: str) -> Q:
    in_email = Q(email_key__contains=email_part_key(word))
    parts = search_key(word).split()
    return Q(*(Q(name_key__contains=part) for part in parts)) | in_email if parts else in_email


@dataclass(frozen=True)
class UserFilter:
    """The conditions on users to list; all must hold, and None matches any value.

    Args:
        q: Words that occur in the name, without regard to case and accents, or in the e-mail,
            without regard to case: there accents tell two addresses apart.
    """

    q: str = field(default="", metadata=_where(_has_words))
    role: Role | None = field(default=None, metadata=_where(lambda role: Q(role=role)))
    is_active: bool | None = field(default=None, metadata=_where(lambda yes: Q(is_active=yes)))
    confirmed: bool | None = field(default=None, metadata=_where(lambda yes: Q(confirmed=yes)))

    def condition(self) -> Q:
        """Return the condition that the rows fulfil."""
        asked = ((each, getattr(self, each.name)) for each in fields(self))
        return Q(*(each.metadata[_CONDITION](v) for each, v in asked if v is not None))
