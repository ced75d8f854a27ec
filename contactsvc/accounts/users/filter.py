"""Which accounts an administrator looks for."""

from dataclasses import dataclass

from tortoise.expressions import Q

from contactsvc.accounts.users.model import Role
from contactsvc.platform.database.keysets import equal
from contactsvc.platform.text.search_keys import email_part_key, search_key


@dataclass(frozen=True)
class UserFilter:
    """Which users to list.

    Args:
        q: Words that occur in the name, without regard to case and accents, or in the e-mail,
            without regard to case: there accents tell two addresses apart.
        role: None is any.
        is_active: None is either.
        confirmed: None is either.
    """

    q: str = ""
    role: Role | None = None
    is_active: bool | None = None
    confirmed: bool | None = None

    def condition(self) -> Q:
        """Return the condition that the rows fulfil."""
        conditions = [_has_word(word) for word in dict.fromkeys(self.q.split())]
        exact = equal(role=self.role, is_active=self.is_active, confirmed=self.confirmed)
        return Q(*conditions, exact)


def _has_word(word: str) -> Q:
    in_email = Q(email_key__contains=email_part_key(word))
    parts = search_key(word).split()
    return Q(*(Q(name_key__contains=part) for part in parts)) | in_email if parts else in_email
