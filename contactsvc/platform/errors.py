"""The errors that callers may see.

Each has a stable ``code`` that clients may rely on. Nothing here knows HTTP: the table that gives
an error its status stands in :mod:`contactsvc.web.problems`.
"""

from typing import ClassVar, NamedTuple


class ServiceError(Exception):
    """The base of every error that is the caller's to see.

    Args:
        detail: One sentence for a person: what is wrong and how to mend it.
    """

    code: ClassVar[str]
    default_detail: ClassVar[str]

    def __init__(self, detail: str | None = None) -> None:
        self.detail = detail or self.default_detail
        super().__init__(self.detail)


class FieldError(NamedTuple):
    """One value that does not fit."""

    pointer: str
    """RFC 6901 pointer to the value in the body, or ``/name`` of a query or path parameter."""
    detail: str


class ValidationFailed(ServiceError):
    """Values were understood but do not fit.

    Args:
        errors: The values, each with its reason.
    """

    code = "validation_failed"
    default_detail = "Some values do not fit; each is named in errors."

    def __init__(self, errors: list[FieldError]) -> None:
        super().__init__()
        self.errors = errors

    @classmethod
    def of(cls, pointer: str, detail: str) -> "ValidationFailed":
        """Return the error for one value."""
        return cls([FieldError(pointer, detail)])


class MalformedBody(ServiceError):
    """The body cannot be read as what it was announced to be."""

    code = "malformed_body"
    default_detail = "The body is not valid JSON in UTF-8."


class PayloadTooLarge(ServiceError):
    """The body says more than is taken at once."""

    code = "payload_too_large"
    default_detail = "The body is too large."


class InvalidToken(ServiceError):
    """A one-time token is unknown, used, expired or for another purpose."""

    code = "invalid_token"
    default_detail = "This link is not valid any more; ask for a new one."


class Unauthenticated(ServiceError):
    """The request carries no access token, or none that is valid."""

    code = "unauthenticated"
    default_detail = "Send a valid, unexpired access token as 'Authorization: Bearer <token>'."


class InvalidCredentials(ServiceError):
    """E-mail or password is wrong; which of them is not said."""

    code = "invalid_credentials"
    default_detail = "The e-mail or the password is wrong."


class EmailNotConfirmed(ServiceError):
    """The password is right but the e-mail has not been confirmed."""

    code = "email_not_confirmed"
    default_detail = "Confirm your e-mail address first."


class AccountDisabled(ServiceError):
    """The password is right but an administrator has disabled the account."""

    code = "account_disabled"
    default_detail = "This account is disabled; ask an administrator."


class Forbidden(ServiceError):
    """The user's role does not allow the action."""

    code = "forbidden"
    default_detail = "Your role does not allow this."


class NotFound(ServiceError):
    """The thing does not exist, or is another user's; callers cannot tell which."""

    code = "not_found"
    default_detail = "There is nothing here."


class EmailTaken(ServiceError):
    """Another account has this e-mail."""

    code = "email_taken"
    default_detail = "An account with this e-mail exists."


class RateLimited(ServiceError):
    """Too many tries.

    Args:
        policy: The name of the limit.
        limit: Tries that it allows.
        window: Seconds in which it allows them.
        retry_after: Seconds until the next try is allowed.
    """

    code = "rate_limited"
    default_detail = "Too many tries; wait as long as Retry-After says."

    def __init__(self, policy: str, limit: int, window: int, retry_after: int) -> None:
        super().__init__()
        self.policy = policy
        self.limit = limit
        self.window = window
        self.retry_after = retry_after


class LastAdmin(ServiceError):
    """Nobody would be left to administer the service."""

    code = "last_admin"
    default_detail = "This is the last active administrator; make somebody else one first."


class Conflict(ServiceError):
    """The thing is in a state that does not allow the action."""

    code = "conflict"
    default_detail = "It cannot be done as things stand."


class IdempotencyKeyReused(ServiceError):
    """An Idempotency-Key came before, with another request."""

    code = "idempotency_key_reused"
    default_detail = "This Idempotency-Key came before with another request; send a new one."


class QuotaExceeded(ServiceError):
    """The account has as many contacts as it may have (MAX_CONTACTS)."""

    code = "quota_exceeded"
    default_detail = "There are as many contacts as one account may have; delete some first."


class CursorExpired(ServiceError):
    """Deletions after the place of a cursor are forgotten."""

    code = "cursor_expired"
    default_detail = "Too much time has passed since this cursor was given; begin without one."


class PreconditionFailed(ServiceError):
    """The thing has changed since the caller read it."""

    code = "precondition_failed"
    default_detail = "It has changed since you read it; read it again and repeat your change."


class Unavailable(ServiceError):
    """A part that the service cannot do without does not answer.

    Args:
        detail: What is away.
        checks: The state of each part, from the health check; None elsewhere.
        reason: What the part itself reported. Logs and commands show it, answers do not.
    """

    code = "unavailable"
    default_detail = "A part of the service is away; try again soon."

    def __init__(
        self, detail: str | None = None, checks: dict[str, str] | None = None, reason: str = ""
    ) -> None:
        super().__init__(detail)
        self.checks = checks
        self.reason = reason

    def __str__(self) -> str:
        """Return what an operator reads."""
        return f"{self.detail} ({self.reason})" if self.reason else self.detail


class Misconfigured(Unavailable):
    """A part cannot be used as it is set up; waiting does not help."""

    default_detail = "A part of the service cannot be used as it is set up."


class MigrationsDue(Unavailable):
    """The database is older than this version of the service."""

    default_detail = "Migrations are due: run 'contactsvc migrate'."
