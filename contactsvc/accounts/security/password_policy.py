"""Which passwords are good enough to be set; what is stored already is never judged.

Length counts, composition does not (ASVS 5.0, 6.2.1 and 6.2.5). What attackers try first is
refused: common passwords and patterns, found by lists and zxcvbn (6.2.4), the owner's own name or
address (6.2.11), what the operator lists, and, where that is asked for, what was in a breach
(6.2.12).
"""

import asyncio
import logging
import re
import threading
from collections.abc import Iterable
from typing import Final

from zxcvbn import zxcvbn

from contactsvc.accounts.security.blocklist import Blocklist
from contactsvc.accounts.security.breaches import BreachCheck
from contactsvc.accounts.security.common_passwords import is_common, parts_of
from contactsvc.platform.errors import ValidationFailed
from contactsvc.platform.settings import Settings

logger = logging.getLogger(__name__)

LOOKED_AT: Final = 72
"""Characters that zxcvbn looks at; its time grows faster than the password does."""

GUESSES: Final = 10**9
"""That a password must withstand, as zxcvbn counts them."""

GUESSES_OF_SHORT: Final = 10**8
"""That one of fewer than ten characters must; eight random ones just do."""

COMMON_GUESSES: Final = 10**3
"""That a common password takes; what was put before and behind it is a factor on top."""

BY_TURNS: Final = 40
"""Characters of the longest password that is taken for two rows of keys by turns."""

OWN_PART: Final = 6
"""Letters and digits that a password must have besides its owner's names."""

_SERVICE: Final = "contactsvc"
_ANOTHER: Final = "choose another one, a few words do well."
_EASY: Final = "Easy to guess"
_COMMON: Final = f"It is one of the passwords that are tried first; {_ANOTHER}"
_LISTED: Final = f"It is on this service's list of refused passwords; {_ANOTHER}"
_BREACHED: Final = f"It was in a data breach, so it is known to attackers; {_ANOTHER}"

# zxcvbn keeps the personal words of one call in a global.
_one_at_a_time: Final = threading.Lock()


class PasswordPolicy:
    """Judges new passwords.

    Args:
        min_length: Characters at least.
        blocklist: What the operator refuses.
        breaches: Asks whether a password was in a breach.
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
        # Last, because it is the only one that asks somebody else.
        if self._breaches and await self._breaches.holds(password):
            raise ValidationFailed.of(pointer, _BREACHED)

    def close(self) -> None:
        """Let go of what the check of breaches holds."""
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
    """Return why a password would be guessed soon; None where it would not.

    Args:
        password: What was chosen.
        words: The owner's own, in small letters.
    """
    required = required_guesses(password)
    guesses, warning = _estimate(password, words)
    if guesses < required:
        return f"{warning}; {_ANOTHER}"
    # 1q2w3e4r5t6y and the like: two rows of keys by turns.
    apart = password[::2] + password[1::2]
    if len(password) <= BY_TURNS and _estimate(apart, words)[0] < required:
        return f"{_EASY}; {_ANOTHER}"
    if is_common(password):
        return _COMMON
    before, core, after = parts_of(password)
    if (before or after) and is_common(core):
        guesses, _ = _estimate(before + after, words)
        return _COMMON if guesses * COMMON_GUESSES < required else None
    return None


def strength(password: str) -> float:
    """Return the guesses that it takes, as zxcvbn counts them."""
    return _estimate(password, [])[0]


def required_guesses(password: str) -> int:
    """Return how many guesses a password must withstand.

    What is shorter than ten characters, where the setting lets it in, cannot do better than random.
    """
    return GUESSES if len(password) >= 10 else GUESSES_OF_SHORT


def _estimate(password: str, words: list[str]) -> tuple[float, str]:
    """Return how many guesses a password takes, and what is wrong with it."""
    looked_at = password[:LOOKED_AT].replace("\n", " ")  # at which its patterns would end
    with _one_at_a_time:
        result = zxcvbn(looked_at, user_inputs=words)
    return float(result["guesses"]), str(result["feedback"]["warning"]).rstrip(".") or _EASY


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
