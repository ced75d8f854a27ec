"""Sign-in with an app password, at every request."""

import logging
from typing import Final, NamedTuple, NoReturn

from contactsvc.accounts.app_passwords.repository import (
    USE_INTERVAL,
    AppPasswordRepository,
    Grant,
)
from contactsvc.accounts.app_passwords.secret import Secret, read_password
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.current_user.cache import CurrentUserCache
from contactsvc.accounts.security.verified_tokens import VerifiedTokens
from contactsvc.accounts.users.model import CurrentUser
from contactsvc.platform.caller import Caller
from contactsvc.platform.clock import now
from contactsvc.platform.errors import Unauthenticated, Unavailable
from contactsvc.platform.metrics import LOGIN_FAILURES
from contactsvc.platform.redis.throttle import Policy, Throttle
from contactsvc.platform.text.search_keys import email_key

logger = logging.getLogger(__name__)

HINT: Final = (
    "Sign in with an app password, which POST /api/users/me/app_passwords makes, and with your "
    "e-mail as user name. The password of the account is not taken here."
)
"""Said of whatever was wrong, so that nobody can find out passwords or e-mails here."""

MAX_EMAIL: Final = 254
"""Characters of the longest e-mail; what is longer is nobody's."""

_FAILURES: Final = LOGIN_FAILURES.labels("app_password")
_FOREVER: Final = float("inf")


class Attempt(NamedTuple):
    """What a client signs in with.

    Args:
        password: The text it has sent as app password.
        address: What its attempts are counted by; see ``address_block``.
        email: The user name; None with a bearer token, which has none.
    """

    password: str
    address: str
    email: str | None = None


class AppPasswordSignIn:
    """Finds the user of an app password.

    A program sends the password with every request. So its grant, which never changes, is kept in
    this process after the first, and whether it has been revoked stands beside the user's copy in
    Redis: a request takes one round trip and no SQL, as with an access token.

    Args:
        app_passwords: The app passwords in the database.
        cache: The cache in Redis.
        throttle: Counts failed attempts. Others are not counted: a sync makes hundreds.
    """

    def __init__(
        self, app_passwords: AppPasswordRepository, cache: CurrentUserCache, throttle: Throttle
    ) -> None:
        self._app_passwords = app_passwords
        self._cache = cache
        self._throttle = throttle
        self._grants: VerifiedTokens[Grant] = VerifiedTokens()
        self._noted: VerifiedTokens[bool] = VerifiedTokens()

    async def sign_in(self, attempt: Attempt, caller: Caller) -> tuple[CurrentUser, Grant]:
        """Return the user of an app password, and what it grants.

        Raises:
            Unauthenticated: There is no such app password, its user is disabled or has another
                e-mail. No password of an account is ever compared.
            RateLimited: Too many attempts have failed.
            Unavailable: PostgreSQL is needed and cannot be reached.
        """
        secret = read_password(attempt.password)
        found = await self._find(secret, attempt.address) if secret else None
        if secret is None or found is None or not _is_of(found[0], attempt.email):
            await self._refuse(secret, attempt, caller)
        if self._noted.find(secret.digest) is None:
            await self._note_use(found[1], secret.digest)
        return found

    async def _find(self, secret: Secret, address: str) -> tuple[CurrentUser, Grant] | None:
        grant = self._grants.find(secret.digest)
        if grant and (user := await self._cache.get(grant.user_id, grant.id)):
            return user, grant
        if grant is None:
            await self._throttle.check(Policy.APP_PASSWORD_ADDRESS, address)
        run_id = self._cache.run_id(secret.user_id)
        try:
            found = await self._app_passwords.find(secret.user_id, secret.digest)
        except Unavailable:
            # As with access tokens: a copy may do that was valid when PostgreSQL last answered.
            copy = self._cache.get_without_postgresql
            if grant and (user := await copy(grant.user_id, grant.id)):
                return user, grant
            raise
        if found is not None:
            user, grant = found
            await self._cache.fill(user, grant.id, run_id)
            ends = grant.expires_at.timestamp() if grant.expires_at else _FOREVER
            self._grants.keep(secret.digest, grant, ends)
        return found

    async def _refuse(self, secret: Secret | None, attempt: Attempt, caller: Caller) -> NoReturn:
        """Count and record a failed attempt, without what was typed."""
        if attempt.email is not None:
            account = email_key(attempt.email[: MAX_EMAIL + 1])
        elif secret is not None:
            account = str(secret.user_id)
        else:  # a bearer token that is none of this service's
            raise Unauthenticated
        address = attempt.address
        counts = {Policy.APP_PASSWORD_ADDRESS: address, Policy.APP_PASSWORD_ACCOUNT: account}
        await self._throttle.hit_all(counts.items())
        _FAILURES.inc()
        await record(Event.LOGIN_FAIL, caller, reason="app_password")
        raise Unauthenticated(None if attempt.email is None else HINT)

    async def _note_use(self, grant: Grant, digest: str) -> None:
        """Write down the use, at most once in USE_INTERVAL; no request fails because of it."""
        self._noted.keep(digest, True, (now() + USE_INTERVAL).timestamp())
        try:
            await self._app_passwords.note_use(grant.user_id, grant.id)
        except Exception as error:  # noqa: BLE001 - the next time will do
            logger.warning("The use of an app password is not noted: %s", type(error).__name__)


def _is_of(user: CurrentUser, email: str | None) -> bool:
    """Return whether the user may sign in, and has this e-mail if there is one to compare."""
    if email is not None and (len(email) > MAX_EMAIL or email_key(email) != email_key(user.email)):
        return False
    return user.is_active
