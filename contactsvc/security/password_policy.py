"""Which passwords are good enough to be set; what is stored already is never judged."""

from contactsvc.errors import ValidationFailed


class PasswordPolicy:
    """Length, and no rules of composition (ASVS 5.0, 6.2.1 and 6.2.5).

    Args:
        min_length: Characters at least.
    """

    def __init__(self, min_length: int) -> None:
        self._min_length = min_length

    def check(self, password: str, pointer: str) -> None:
        """Refuse a password that is not good enough.

        Args:
            password: What was chosen.
            pointer: Where it stands in the body.

        Raises:
            ValidationFailed: It is too short.
        """
        if len(password) < self._min_length:
            raise ValidationFailed.of(
                pointer, f"Shorter than {self._min_length} characters; a few words do well."
            )
