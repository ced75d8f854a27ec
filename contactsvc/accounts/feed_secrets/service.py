"""What becomes of the secret of a birthday calendar."""

from contactsvc.accounts.app_passwords.secret import digest_of, new_password
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.feed_secrets import repository as feed_secrets
from contactsvc.accounts.feed_secrets.model import BIRTHDAY_FEED
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import transaction


class FeedSecrets:
    """Makes and ends the secrets of birthday calendars.

    A secret is written as an app password is, with as many random bits and its user's id in front,
    by which it is found on the user's shard. Each is good for its own purpose alone, as they are
    looked up in different tables.

    Args:
        users: The accounts in the database.
    """

    def __init__(self, users: UserRepository) -> None:
        self._users = users

    async def create(self, user: CurrentUser, caller: Caller) -> str:
        """Return a new secret, which is kept nowhere; the user's earlier one ends.

        Args:
            user: Whose it is, as they were read last.
            caller: The client, for the audit log.

        Raises:
            Unauthenticated: The user's access has changed since they were read.
        """
        secret = new_password(user.id)
        async with transaction():
            # So that none outlives a change of the password, and two at once follow one another.
            await self._users.lock(user.id, user.auth_version)
            await feed_secrets.replace(user.id, digest_of(secret))
            await self._note(Event.TOKEN_CREATED, user.id, caller)
        return secret

    async def end(self, user_id: int, caller: Caller) -> None:
        """End a user's secret, if there is one."""
        async with transaction():
            if await feed_secrets.remove(user_id):
                await self._note(Event.TOKEN_REVOKED, user_id, caller)

    async def _note(self, event: Event, user_id: int, caller: Caller) -> None:
        await record(event, caller, user_id=user_id, actor_id=user_id, purpose=BIRTHDAY_FEED)
