"""What tests share is as new for each of them."""

from dataclasses import replace

import asyncpg
import pytest

from contactsvc.platform.settings import Settings
from tests.conftest import Person, problem
from tests.support.shared_service import SharedDatabase, SharedService

MAIL = """
INSERT INTO outbox (kind, recipient, params, status, attempts, created_at, next_attempt_at,
                    last_error)
VALUES ('registration', 'ada@example.com', '{}', 'pending', 0, now(), now() + interval '1 day', '')
"""


def test_equal_settings_have_one_application(
    shared_service: SharedService, settings: Settings
) -> None:
    first = shared_service.server(settings).port

    assert shared_service.server(settings).port == first
    assert shared_service.server(replace(settings, max_contacts=7)).port != first


async def test_one_that_has_work_left_is_not_used_again(
    shared_service: SharedService, shared_database: SharedDatabase, settings: Settings
) -> None:
    first = shared_service.server(settings).port
    (shared_service.folder / "left").touch()
    shared_service.clean(shared_database)
    assert shared_service.server(settings).port == first
    assert list(shared_service.folder.iterdir()) == []

    shared_database.run(lambda pg: pg.execute(MAIL))
    shared_service.clean(shared_database)

    assert shared_service.server(settings).port != first


async def test_no_copy_of_somebody_else_is_left(
    grace: Person, shared_service: SharedService, shared_database: SharedDatabase
) -> None:
    assert (await grace.get("/api/users/me")).status == 200

    shared_service.clean(shared_database)
    shared_database.empty()

    await problem(await grace.get("/api/users/me"), 401, "unauthenticated")


def test_a_killed_connection_is_made_again(shared_database: SharedDatabase) -> None:
    def backend() -> int:
        pid: int = shared_database.run(lambda pg: pg.fetchval("SELECT pg_backend_pid()"))
        return pid

    killed = backend()
    with pytest.raises(asyncpg.PostgresError):
        shared_database.run(lambda pg: pg.execute("SELECT pg_terminate_backend(pg_backend_pid())"))

    assert backend() != killed
