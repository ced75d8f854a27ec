"""Sign-in, its renewal, and sign-out."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.audit.repository import record
from contactsvc.accounts.registration import repository as registrations
from contactsvc.accounts.security.passwords import Passwords
from contactsvc.accounts.security.tokens import AccessClaims, RefreshClaims, Tokens
from contactsvc.accounts.sessions.repository import PastSessionRow, SessionRepository, SessionRow
from contactsvc.accounts.sessions.rows import Grant
from contactsvc.accounts.users.model import Credentials
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.keysets import Page, Position
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import (
    AccountDisabled,
    EmailNotConfirmed,
    InvalidCredentials,
    NotFound,
    ServiceError,
    Unauthenticated,
)
from contactsvc.platform.metrics import LOGIN_FAILURES

_FAILURES: Final = {
    error.code: LOGIN_FAILURES.labels(error.code)
    for error in (InvalidCredentials, AccountDisabled, EmailNotConfirmed)
}


class Scope(StrEnum):
    """Which sessions a sign-out ends."""

    LOCAL = "local"
    OTHERS = "others"
    GLOBAL = "global"


@dataclass(frozen=True)
class TokenPair:
    """The tokens of a session.

    Args:
        access_token: The bearer token for the ``Authorization`` header.
        refresh_token: The token that is exchanged for the next pair, once.
        expires_in: Seconds until the access token expires.
    """

    access_token: str
    refresh_token: str
    expires_in: int


class Sessions:
    """Begins, renews, lists and ends sessions.

    Args:
        users: The accounts in the database.
        sessions: The sessions in the database.
        passwords: Verifies passwords.
        tokens: Issues and reads tokens.
        require_confirmed_email: Whether an unconfirmed account is refused.
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

    async def sign_in(self, email: str, password: str, caller: Caller) -> TokenPair:
        """Begin a session.

        An unknown e-mail costs the same statements and the same verifications as a wrong password
        (ASVS 5.0, 6.3.8): one, or two while a registration of the e-mail waits.

        Raises:
            InvalidCredentials: There is no such account, or it has another password.
            EmailNotConfirmed: The password is right, but the e-mail is not confirmed.
            AccountDisabled: The password is right, but the account is disabled.
            Unavailable: Too many passwords are waiting to be checked.
        """
        account, waiting_hash = await registrations.sign_in_with(email)
        password_hash = self._hash_of(account, waiting_hash)
        verification = await self._passwords.verify(password, password_hash)
        if waiting_hash is not None:
            of_waiting = await self._passwords.verify(password, waiting_hash)
            if of_waiting.matches and not verification.matches:
                raise await self._refusal(EmailNotConfirmed(), account, caller)
        if account is None or not verification.matches:
            raise await self._refusal(InvalidCredentials(), account, caller)
        if not account.is_active:
            raise await self._refusal(AccountDisabled(), account, caller)
        if self._require_confirmed_email and not account.confirmed:
            raise await self._refusal(EmailNotConfirmed(), account, caller)
        grant = await self._begin(account, verification.new_hash, caller)
        if grant is None:  # changed while the password was checked
            raise await self._refusal(InvalidCredentials(), account, caller)
        return self._pair(grant)

    async def refresh(self, refresh_token: str, caller: Caller) -> TokenPair:
        """Exchange a refresh token for a new pair of tokens.

        A client that has lost the answer may ask again within ten seconds, and gets the same
        refresh token. A token that was used before ends the session.

        Raises:
            Unauthenticated: The token is invalid, expired or used, or the session has ended.
        """
        claims = self._tokens.read_refresh(refresh_token)
        grant = await self._sessions.renew(
            claims.user_id, claims.session_id, claims.counter, caller
        )
        if grant is None:
            raise Unauthenticated("This refresh token is not good any more; sign in again.")
        return self._pair(grant)

    async def page(self, user_id: int) -> Page[SessionRow]:
        """Return all active sessions of a user as one page, the most recently used first."""
        return await self._sessions.page(user_id)

    async def history(
        self, user_id: int, limit: int, after: Position = None
    ) -> Page[PastSessionRow]:
        """Return all sessions of a user, ended ones too, in pages; see the repository."""
        return await self._sessions.history(user_id, limit, after)

    async def revoke(self, user_id: int, session_id: int, caller: Caller) -> None:
        """End one session of the user's.

        Raises:
            NotFound: The user has no active session with that id.
        """
        if not await self._end(user_id, caller, only_id=session_id):
            raise NotFound

    async def sign_out(self, user_id: int, session_id: int, scope: Scope, caller: Caller) -> None:
        """End this session, all others of the user, or all of them, as ``scope`` says."""
        only_id = session_id if scope is Scope.LOCAL else None
        except_id = session_id if scope is Scope.OTHERS else None
        await self._end(user_id, caller, only_id=only_id, except_id=except_id)

    def _hash_of(self, account: Credentials | None, waiting_hash: str | None) -> str | None:
        """Return the hash to verify an account's password with; None has a decoy verified.

        An unconfirmed account that cannot be signed in to counts as the first of its e-mail's
        registrations. For a taken e-mail only the newest registration is checked, so that must be
        the same for a free e-mail.
        """
        if account is None:
            return None
        if waiting_hash is not None and self._require_confirmed_email and not account.confirmed:
            return None
        return account.password_hash

    async def _begin(
        self, account: Credentials, new_hash: str | None, caller: Caller
    ) -> Grant | None:
        user_id = account.user_id
        grant = await self._sessions.begin(user_id, account.auth_version, caller)
        if grant is not None and new_hash is not None:
            await self._users.rehash(user_id, account.password_hash, new_hash)
        return grant

    async def _refusal(
        self, error: ServiceError, account: Credentials | None, caller: Caller
    ) -> ServiceError:
        """Record a failed sign-in, without the e-mail: people type passwords there by mistake."""
        _FAILURES[error.code].inc()
        user_id = account.user_id if account else None
        await record(Event.LOGIN_FAIL, caller, user_id=user_id, reason=error.code)
        return error

    async def _end(self, user_id: int, caller: Caller, **which: int | None) -> list[int]:
        async with transaction():
            ended = await self._sessions.end(user_id, **which)
            if ended:
                await record(
                    Event.TOKEN_REVOKED,
                    caller,
                    user_id=user_id,
                    actor_id=user_id,
                    session_ids=ended,
                )
        return ended

    def _pair(self, grant: Grant) -> TokenPair:
        user_id, session_id = grant.user_id, grant.session_id
        return TokenPair(
            self._tokens.issue_access(AccessClaims(user_id, session_id, grant.auth_version)),
            self._tokens.issue_refresh(
                RefreshClaims(user_id, session_id, grant.counter), grant.issued_at, grant.expires_at
            ),
            self._tokens.access_ttl,
        )
