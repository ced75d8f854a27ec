"""Translates errors of PostgreSQL and asyncpg: away, wrongly set up, or not migrated."""

import ssl
from typing import Final

import asyncpg
from tortoise.exceptions import OperationalError, TransactionManagementError

from contactsvc.platform.errors import MigrationsDue, Misconfigured, Unavailable

AWAY: Final = "The database is away; try again soon."

AWAY_ERRORS: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.ObjectNotInPrerequisiteStateError,  # it does not take connections just now
    asyncpg.TransactionRollbackError,  # a deadlock, say, that took this one back
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.InvalidCatalogNameError,
)

NO_DATABASE: Final = "DATABASE_URL names a database that does not exist."
REFUSED: Final = "PostgreSQL refuses the user or the password of DATABASE_URL."
NOT_LET_IN: Final = (
    "PostgreSQL does not let the user of DATABASE_URL in from here: there is no such role, or "
    "pg_hba.conf forbids it, or demands TLS (sslmode=require)."
)
NO_TLS: Final = "PostgreSQL offers no TLS, which sslmode in DATABASE_URL demands."
NOT_TRUSTED: Final = "The certificate of PostgreSQL is not to be trusted; see sslrootcert."
NOT_UTF8: Final = "The encoding of the database must be UTF8: make one with ENCODING 'UTF8'."
POOLED: Final = (
    "A pooler such as PgBouncer stands before PostgreSQL: add statement_cache_size=0 to "
    "DATABASE_URL."
)
POOLER_REFUSES: Final = "A pooler before PostgreSQL refuses what DATABASE_URL says."
NOT_ALLOWED: Final = "The user of DATABASE_URL may not do in the database what the service needs."
READ_ONLY: Final = (
    "PostgreSQL is read-only here: DATABASE_URL names a replica, or the server takes no writes."
)
NOT_USABLE: Final = "DATABASE_URL, or a PG... variable beside it, cannot be used."

_BY_CLASS: Final[tuple[tuple[type[Exception], str], ...]] = (
    (asyncpg.InvalidCatalogNameError, NO_DATABASE),
    (asyncpg.InvalidPasswordError, REFUSED),
    (asyncpg.InvalidAuthorizationSpecificationError, NOT_LET_IN),
    (asyncpg.InsufficientPrivilegeError, NOT_ALLOWED),
    (asyncpg.InvalidSQLStatementNameError, POOLED),
    (asyncpg.DuplicatePreparedStatementError, POOLED),
    (asyncpg.ClientConfigurationError, NOT_USABLE),
    (asyncpg.CantChangeRuntimeParamError, NOT_USABLE),
    (asyncpg.ReadOnlySQLTransactionError, READ_ONLY),
    (ssl.SSLCertVerificationError, NOT_TRUSTED),
)
"""Errors that last until somebody changes the settings or the server, with what to tell them."""

_BY_WORDS: Final[tuple[tuple[type[Exception], str, str], ...]] = (
    (ConnectionError, "rejected SSL upgrade", NO_TLS),
    (asyncpg.ProtocolViolationError, "no such database", NO_DATABASE),
    (asyncpg.ProtocolViolationError, "no such user", REFUSED),
    (asyncpg.ProtocolViolationError, "authentication failed", REFUSED),
    (asyncpg.ProtocolViolationError, "startup parameter", POOLER_REFUSES),
)
"""The same for errors that asyncpg and PgBouncer give no class or code, by words of their message.
Neither of them translates its messages."""

_NOT_MIGRATED: Final = (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError)


class NotMigrated(MigrationsDue, OperationalError):
    """A table or column is absent. Aerich expects Tortoise's error for a database without any."""


class away_is_unavailable:  # noqa: N801 - it reads as a function, as those of contextlib
    """Turn errors of a PostgreSQL that is lost, overloaded or wrongly set up into Unavailable."""

    def __enter__(self) -> None:
        """Do nothing: this is entered with every statement."""

    def __exit__(self, _: object, error: BaseException | None, __: object) -> None:
        """Translate the error, if there is one."""
        if not isinstance(error, Exception) or isinstance(error, Unavailable):
            return
        if explained := explain(error):
            raise explained from error


def explain(error: BaseException) -> Unavailable | None:
    """Return what an error means; None where it is no fault of PostgreSQL's or its settings."""
    wrapped = isinstance(error, OperationalError | TransactionManagementError)
    if wrapped and error.__cause__ is not None:
        return explain(error.__cause__)  # Tortoise has wrapped the original
    if isinstance(error, _NOT_MIGRATED):
        return NotMigrated(reason=_first_line(error))
    for kind, detail in _BY_CLASS:
        if isinstance(error, kind):
            return Misconfigured(detail, reason=_first_line(error))
    for kind, words, detail in _BY_WORDS:
        if isinstance(error, kind) and words in str(error):
            return Misconfigured(detail, reason=_first_line(error))
    return Unavailable(AWAY) if isinstance(error, AWAY_ERRORS) else None


class connecting(away_is_unavailable):  # noqa: N801 - as above
    """Turn errors while connecting into Unavailable, or Misconfigured for what the URL asks."""

    def __exit__(self, kind: object, error: BaseException | None, traceback: object) -> None:
        """Translate the error, if there is one."""
        super().__exit__(kind, error, traceback)
        if isinstance(error, asyncpg.PostgresError):
            raise Misconfigured(NOT_USABLE, reason=_first_line(error)) from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
