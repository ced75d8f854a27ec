"""The policy for new passwords; stored ones are never checked against it.

Length counts, composition does not (ASVS 5.0, 6.2.1 and 6.2.5). What attackers try first is
refused: common passwords and patterns, found by lists and zxcvbn (6.2.4), the owner's own name or
address (6.2.11), the operator's list and, where it is set up, passwords from breaches (6.2.12).
"""

import asyncio
import logging
import re
import threading
from collections.abc import Iterable
from typing import Final

from contactsvc.accounts.security.blocklist import Blocklist
from contactsvc.accounts.security.breaches import BreachCheck
from contactsvc.accounts.security.common_passwords import is_common, parts_of
from contactsvc.platform.errors import ValidationFailed
from contactsvc.platform.settings import Settings

logger = logging.getLogger(__name__)

ANALYSED_LENGTH: Final = 72
"""Characters that zxcvbn analyses, as its time grows faster than the length."""

MIN_GUESSES: Final = 10**9
"""Guesses that a password must withstand, as zxcvbn estimates them."""

MIN_GUESSES_IF_SHORT: Final = 10**8
"""Guesses for a password of fewer than ten characters; eight random ones just reach it."""

COMMON_GUESSES: Final = 10**3
"""Guesses for a common password; those for what surrounds it are a factor."""

INTERLEAVED_MAX_LENGTH: Final = 40
"""Longest password, in characters, that is checked for two interleaved rows of keys."""

MIN_NOT_PERSONAL: Final = 6
"""Letters and digits that a password must have beside words of its owner's name and e-mail."""

_SERVICE: Final = "contactsvc"
_ANOTHER: Final = "choose another one, a few words do well."
_EASY: Final = "Easy to guess"
_COMMON: Final = f"It is one of the passwords that are tried first; {_ANOTHER}"
_LISTED: Final = f"It is on this service's list of refused passwords; {_ANOTHER}"
_BREACHED: Final = f"It was in a data breach, so it is known to attackers; {_ANOTHER}"

# zxcvbn keeps the personal words of one call in a global.
_one_at_a_time: Final = threading.Lock()


class PasswordPolicy:
    """Accepts or refuses new passwords.

    Args:
        min_length: Characters that a password must have.
        blocklist: The operator's list of refused passwords; None where there is none.
        breaches: Checks for breached passwords; None where that is not set up.
    """

    def __init__(
        self,
        min_length: int,
        blocklist: Blocklist | None = None,
        breaches: BreachCheck | None = None,
    ) -> None:
        self._min_length = min_length
        self._blocklist = blocklist
        self._breaches = breaches

    @classmethod
    def of(cls, settings: Settings) -> "PasswordPolicy":
        """Return the policy that the settings describe."""
        file, url = settings.password_blocklist, settings.breach_range_url
        return cls(
            settings.password_min_length,
            Blocklist(file) if file else None,
            BreachCheck(url) if url else None,
        )

    async def check(self, password: str, pointer: str, personal: Iterable[str] = ()) -> None:
        """Refuse a password that is not good enough.

        Args:
            password: The new password.
            pointer: JSON Pointer (RFC 6901) to it in the body, for the error.
            personal: The owner's e-mail and name.

        Raises:
            ValidationFailed: It is too short or too easy to guess; the error gives the reason.
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
        # Last, because it is the only check that sends a request.
        if self._breaches and await self._breaches.holds(password):
            raise ValidationFailed.of(pointer, _BREACHED)

    def close(self) -> None:
        """Stop the threads of the check for breaches."""
        if self._breaches:
            self._breaches.close()

    def _weakness(self, password: str, words: list[str]) -> str | None:
        if reason := guessable(password, words):
            return reason
        try:
            listed = self._blocklist is not None and self._blocklist.holds(password)
        except (OSError, ValueError) as error:
            logger.warning("A new password was not looked up in PASSWORD_BLOCKLIST: %s", error)
            return None
        return _LISTED if listed else None


def guessable(password: str, words: list[str]) -> str | None:
    """Return why a password is too easy to guess, None where it is not.

    Args:
        password: The new password.
        words: Words of the owner's name and e-mail, in lower case.
    """
    required = required_guesses(password)
    guesses, warning = _estimate(password, words)
    if guesses < required:
        return f"{warning}; {_ANOTHER}"
    # 1q2w3e4r5t6y and the like: two interleaved rows of keys.
    apart = password[::2] + password[1::2]
    if len(password) <= INTERLEAVED_MAX_LENGTH and _estimate(apart, words)[0] < required:
        return f"{_EASY}; {_ANOTHER}"
    if is_common(password):
        return _COMMON
    before, core, after = parts_of(password)
    if (before or after) and is_common(core):
        guesses, _ = _estimate(before + after, words)
        return _COMMON if guesses * COMMON_GUESSES < required else None
    return None


def strength(password: str) -> float:
    """Return the guesses that a password withstands, as zxcvbn estimates them."""
    return _estimate(password, [])[0]


def required_guesses(password: str) -> int:
    """Return how many guesses a password must withstand.

    One of fewer than ten characters, where the settings allow it, cannot be required to withstand
    more than a random one does.
    """
    return MIN_GUESSES if len(password) >= 10 else MIN_GUESSES_IF_SHORT


def _estimate(password: str, words: list[str]) -> tuple[float, str]:
    """Return the guesses that a password withstands, and zxcvbn's warning about it."""
    # Imported in the thread of the first check: its dictionaries take 12 MB.
    from zxcvbn import zxcvbn

    looked_at = password[:ANALYSED_LENGTH].replace("\n", " ")  # a line end would end its patterns
    with _one_at_a_time:
        result = zxcvbn(looked_at, user_inputs=words)
    return float(result["guesses"]), str(result["feedback"]["warning"]).rstrip(".") or _EASY


def _words(personal: Iterable[str]) -> list[str]:
    """Return the words of at least four characters, the longest first."""
    found = {word for text in (*personal, _SERVICE) for word in re.split(r"\W+", text.casefold())}
    return sorted((word for word in found if len(word) > 3), key=len, reverse=True)


def _is_made_of(password: str, words: list[str]) -> bool:
    """Return whether too few letters and digits remain without the owner's words."""
    whole = rest = password.casefold()
    for word in words:
        rest = rest.replace(word, "")
    return rest != whole and sum(map(str.isalnum, rest)) < MIN_NOT_PERSONAL
