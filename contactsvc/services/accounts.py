"""Sign-up: how an account comes to be."""

from contactsvc.errors import EmailTaken
from contactsvc.repositories.users import UserRepository
from contactsvc.security.password_policy import PasswordPolicy
from contactsvc.security.passwords import Passwords


class Accounts:
    """Makes accounts.

    Args:
        users: Where they are kept.
        passwords: Hashes the passwords.
        policy: Judges the passwords.
        reveals_taken_email: Whether a stranger may learn that an e-mail has an account.
    """

    def __init__(
        self,
        users: UserRepository,
        passwords: Passwords,
        policy: PasswordPolicy,
        *,
        reveals_taken_email: bool,
    ) -> None:
        self._users = users
        self._passwords = passwords
        self._policy = policy
        self._reveals_taken_email = reveals_taken_email

    async def register(self, email: str, password: str, name: str) -> None:
        """Make an unconfirmed account, or do nothing where the e-mail has one.

        Raises:
            ValidationFailed: The password is not good enough.
            EmailTaken: It has one, and that is no secret here.
        """
        self._policy.check(password, "/password")
        # Hashed first, so that both outcomes take the same time (ASVS 5.0, 6.3.8).
        password_hash = await self._passwords.hash(password)
        try:
            await self._users.create(email, password_hash, name)
        except EmailTaken:
            if self._reveals_taken_email:
                raise
