"""Which passwords are good enough to be set; what is stored already is never judged.

Length counts, composition does not (ASVS 5.0, 6.2.1 and 6.2.5). What attackers try first is
refused: common passwords and patterns, found by zxcvbn (6.2.4), and the owner's own name or address
(6.2.11).
"""

import asyncio
import re
import threading
from collections.abc import Iterable
from typing import Final

from zxcvbn import zxcvbn

from contactsvc.errors import ValidationFailed

LOOKED_AT: Final = 72
"""Characters that zxcvbn looks at; its time grows faster than the password does."""

GUESSES: Final = 10**8
"""That a password must withstand, as zxcvbn counts them; eight random characters just do."""

OWN_PART: Final = 6
"""Letters and digits that a password must have besides its owner's names."""

_SERVICE: Final = "contactsvc"


class PasswordPolicy:
    """Judges new passwords.

    Args:
        min_length: Characters at least.
    """

    def __init__(self, min_length: int) -> None:
        self._min_length = min_length
        # zxcvbn keeps the personal words of one call in a global.
        self._one_at_a_time = threading.Lock()

    async def check(self, password: str, pointer: str, personal: Iterable[str] = ()) -> None:
        """Refuse a password that is not good enough.

        Args:
            password: What was chosen.
            pointer: Where it stands in the body.
            personal: The owner's e-mail and name.

        Raises:
            ValidationFailed: It is too short or too easy to guess; the reason is said.
        """
        if len(password) < self._min_length:
            raise ValidationFailed.of(
                pointer, f"Shorter than {self._min_length} characters; a few words do well."
            )
        words = _words(personal)
        if _is_made_of(password, words):
            raise ValidationFailed.of(pointer, "Made of your name or e-mail; choose another one.")
        if reason := await asyncio.to_thread(self._weakness, password, words):
            raise ValidationFailed.of(pointer, reason)

    def _weakness(self, password: str, words: list[str]) -> str | None:
        with self._one_at_a_time:
            result = zxcvbn(password[:LOOKED_AT], user_inputs=words)
        if result["guesses"] >= GUESSES:
            return None
        warning = str(result["feedback"]["warning"]).rstrip(".") or "Easy to guess"
        return f"{warning}; choose another one, a few words do well."


def _words(personal: Iterable[str]) -> list[str]:
    """Return the words of at least four letters, the longest first."""
    found = {word for text in (*personal, _SERVICE) for word in re.split(r"\W+", text.casefold())}
    return sorted((word for word in found if len(word) > 3), key=len, reverse=True)


def _is_made_of(password: str, words: list[str]) -> bool:
    """Return whether hardly a letter or digit is left when the owner's words are taken out."""
    whole = rest = password.casefold()
    for word in words:
        rest = rest.replace(word, "")
    return rest != whole and sum(map(str.isalnum, rest)) < OWN_PART
