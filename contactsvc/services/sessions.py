"""Sign-in, its renewal, and sign-out."""

from dataclasses import dataclass
from enum import StrEnum

from contactsvc.errors import (
    AccountDisabled,
    EmailNotConfirmed,
    InvalidCredentials,
    Unauthenticated,
)
from contactsvc.repositories.sessions import SessionRepository
from contactsvc.repositories.users import UserRepository
from contactsvc.security.passwords import Passwords
from contactsvc.security.tokens import AccessClaims, RefreshClaims, Tokens


class Scope(StrEnum):
    """Which sessions a sign-out ends."""

    LOCAL = "local"
    OTHERS = "others"
    GLOBAL = "global"


@dataclass(frozen=True)
class TokenPair:
    """What a sign-in gives.

    Args:
        access_token: For the ``Authorization`` header.
        refresh_token: Buys the next pair, once.
        expires_in: Seconds that the access token lives.
    """

    access_token: str
    refresh_token: str
    expires_in: int


class Sessions:
    """Begins, renews and ends sessions.

    Args:
        users: Whom to sign in.
        sessions: Where sessions are kept.
        passwords: Checks passwords.
        tokens: Makes and reads tokens.
        require_confirmed_email: Whether an unconfirmed account is kept out.
    """

    def __init__(
        self,
        users: UserRepository,
        sessions: SessionRepository,
        passwords: Passwords,
        tokens: Tokens,
        *,
        require_confirmed_email: bool,
    ) -> None:
        self._users = users
        self._sessions = sessions
        self._passwords = passwords
        self._tokens = tokens
        self._require_confirmed_email = require_confirmed_email

    async def sign_in(self, email: str, password: str, user_agent: str, ip: str) -> TokenPair:
        """Begin a session.

        Raises:
            InvalidCredentials: There is no such account, or it has another password.
            EmailNotConfirmed: The password is right, but the e-mail is not confirmed.
            AccountDisabled: The password is right, but the account is disabled.
        """
        account = await self._users.credentials(email)
        password_hash = account.password_hash if account else None
        matches = await self._passwords.verify(password, password_hash)
        if account is None or not matches:
            raise InvalidCredentials
        if not account.is_active:
            raise AccountDisabled
        if self._require_confirmed_email and not account.confirmed:
            raise EmailNotConfirmed
        session_id = await self._sessions.begin(account.user_id, user_agent, ip)
        return self._pair(account.user_id, session_id, account.auth_version, counter=0)

    async def refresh(self, refresh_token: str) -> TokenPair:
        """Renew a session: the refresh token is used up and a new pair is given.

        Raises:
            Unauthenticated: The token is none, expired or used, or the session has ended.
        """
        claims = self._tokens.read_refresh(refresh_token)
        user = await self._users.current(claims.user_id, claims.session_id)
        if user is None or not user.is_active:
            raise Unauthenticated
        if not await self._sessions.renew(claims.user_id, claims.session_id, claims.counter):
            raise Unauthenticated
        return self._pair(user.id, claims.session_id, user.auth_version, claims.counter + 1)

    async def sign_out(self, user_id: int, session_id: int, scope: Scope) -> None:
        """End the sessions in ``scope``, seen from the session that asks."""
        only = session_id if scope is Scope.LOCAL else None
        but = session_id if scope is Scope.OTHERS else None
        await self._sessions.end(user_id, only=only, but=but)

    def _pair(self, user_id: int, session_id: int, auth_version: int, counter: int) -> TokenPair:
        return TokenPair(
            self._tokens.issue_access(AccessClaims(user_id, session_id, auth_version)),
            self._tokens.issue_refresh(RefreshClaims(user_id, session_id, counter)),
            self._tokens.access_ttl,
        )
