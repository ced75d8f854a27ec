"""What PostgreSQL raises, told apart: what passes by itself, and what somebody has to mend."""

import ssl

import asyncpg
import pytest
from tortoise.exceptions import BaseORMException, OperationalError, TransactionManagementError

from contactsvc.platform.database import faults
from contactsvc.platform.errors import MigrationsDue, Misconfigured, NotFound, Unavailable

PASSING = (
    ConnectionRefusedError(),
    TimeoutError(),
    ssl.SSLError("the other end has hung up"),
    asyncpg.CannotConnectNowError("the database system is starting up"),
    asyncpg.TooManyConnectionsError("sorry"),
    asyncpg.ProtocolViolationError("pgbouncer cannot connect to server"),
    asyncpg.TargetServerAttributeNotMatched("no primary just now"),
)

LASTING = {
    asyncpg.InvalidCatalogNameError("x"): faults.NO_DATABASE,
    asyncpg.InvalidPasswordError("x"): faults.REFUSED,
    asyncpg.InvalidAuthorizationSpecificationError("x"): faults.NOT_LET_IN,
    asyncpg.InsufficientPrivilegeError("x"): faults.NOT_ALLOWED,
    asyncpg.InvalidSQLStatementNameError("x"): faults.POOLED,
    asyncpg.DuplicatePreparedStatementError("x"): faults.POOLED,
    asyncpg.ClientConfigurationError("x"): faults.NOT_USABLE,
    asyncpg.CantChangeRuntimeParamError("x"): faults.NOT_USABLE,
    asyncpg.ReadOnlySQLTransactionError("x"): faults.READ_ONLY,
    ssl.SSLCertVerificationError("x"): faults.NOT_TRUSTED,
    ConnectionError("PostgreSQL server at x rejected SSL upgrade"): faults.NO_TLS,
}


def test_what_passes_is_away(subtests: pytest.Subtests) -> None:
    for error in PASSING:
        with subtests.test(type(error).__name__):
            explained = faults.explain(error)
            assert type(explained) is Unavailable
            assert explained.detail == faults.AWAY


def test_what_lasts_is_said_as_what_it_is(subtests: pytest.Subtests) -> None:
    for error, detail in LASTING.items():
        with subtests.test(detail):
            for raised in (error, _tortoises(error), _tortoises(error, TransactionManagementError)):
                explained = faults.explain(raised)
                assert isinstance(explained, Misconfigured)
                assert explained.detail == detail
                assert str(explained).startswith(f"{detail} (")
                assert "\n" not in str(explained)


def _tortoises(error: Exception, kind: type[BaseORMException] = OperationalError) -> Exception:
    wrapped = kind(error)
    wrapped.__cause__ = error
    return wrapped


def test_a_table_that_is_not_there_is_a_migration_that_is_due() -> None:
    for error in (asyncpg.UndefinedTableError("x"), asyncpg.UndefinedColumnError("x")):
        explained = faults.explain(_tortoises(error))
        assert isinstance(explained, MigrationsDue)
        assert isinstance(explained, OperationalError), "Aerich expects it"


def test_whatever_refuses_a_connection_is_told() -> None:
    with pytest.raises(Misconfigured, match="parameter"), faults.connecting():
        raise asyncpg.UndefinedObjectError("unrecognized configuration parameter")


def test_everything_else_is_nothing_of_the_kind() -> None:
    for error in (ValueError(), NotFound(), asyncpg.UniqueViolationError("x")):
        assert faults.explain(error) is None
        with pytest.raises(type(error)), faults.away_is_unavailable():
            raise error
