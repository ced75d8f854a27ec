"""Commands change users whose copies lie in the memory of a running service."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import asyncpg
import pytest

from contactsvc.accounts.current_user import announcements
from contactsvc.accounts.users.administrators import LOCK
from tests.cli.support import Command
from tests.conftest import Client, MakeClient, MakePerson, Person
from tests.support.app_passwords import add_app_password, bearer
from tests.support.locks import until_locks_wait
from tests.support.waiting import until

pytestmark = pytest.mark.own_app

KEY = "kY3-for-tests-only_0123456789abcdef"
LISTENING = """
    SELECT pid FROM pg_stat_activity
    WHERE datname = current_database() AND query = 'LISTEN "contactsvc_changes"'
"""


@pytest.fixture
def command(postgres_url: str, tmp_path: Path) -> Command:
    return Command(DATABASE_URL=postgres_url, SECRET_KEY=KEY, DATA_DIR=str(tmp_path))


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    """A client of a service without Redis, whose copies live far longer than any test."""
    return await make_client(redis_url=None, user_cache_ttl=3600)


def is_out(person: Person) -> Callable[[], Awaitable[bool]]:
    async def out() -> bool:
        return (await person.get("/api/users/me")).status == 401

    return out


@pytest.mark.parametrize(
    "arguments", [("disable",), ("sessions", "end"), ("users", "delete", "--yes")], ids=" ".join
)
async def test_a_command_reaches_the_copy_in_the_service(
    command: Command, make_person: MakePerson, arguments: tuple[str, ...]
) -> None:
    grace, ada = await make_person(), await make_person("ada@example.com")
    for person in (grace, ada):
        assert (await person.get("/api/users/me")).status == 200

    # In a thread with a context of its own, because Tortoise keeps its connections in one.
    loop = asyncio.get_running_loop()
    result = await loop.run_in_executor(None, lambda: command(*arguments, grace.email))

    assert result.exit_code == 0, result.output
    await until(is_out(grace))
    assert (await ada.get("/api/users/me")).status == 200


async def test_an_app_password_is_revoked_by_a_command(
    command: Command, grace: Person, pg: asyncpg.Connection
) -> None:
    headers = bearer(await add_app_password(pg))
    for _ in range(3):
        assert (await grace.client.get("/api/tags/", headers=headers)).status == 200

    loop = asyncio.get_running_loop()
    arguments = ("app-passwords", "revoke", grace.email, "1")
    result = await loop.run_in_executor(None, lambda: command(*arguments))

    async def refused() -> bool:
        return (await grace.client.get("/api/tags/", headers=headers)).status == 401

    assert result.exit_code == 0, result.output
    await until(refused)


async def test_what_nobody_heard_is_made_up_for(
    pg: asyncpg.Connection,
    grace: Person,
    make_person: MakePerson,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(announcements, "RETRY", 0.01)
    ada = await make_person("ada@example.com")
    for person in (grace, ada):
        assert (await person.get("/api/users/me")).status == 200
    [listener] = await pg.fetch(LISTENING)
    # Changes that are told to nobody: only a new beginning can find them.
    await pg.execute("UPDATE users SET is_active = false WHERE email = $1", grace.email)
    await pg.execute(
        "UPDATE sessions SET revoked_at = now() WHERE user_id <> (SELECT min(id) FROM users)"
    )
    assert (await grace.get("/api/users/me")).status == 200, "the copy is what is used"

    await pg.execute("SELECT pg_terminate_backend($1)", listener["pid"])

    await until(is_out(grace))
    await until(is_out(ada))


async def test_a_service_with_redis_listens_to_nobody(
    pg: asyncpg.Connection, make_client: MakeClient, redis_url: str | None
) -> None:
    if redis_url is None:
        pytest.skip("needs TEST_REDIS_URL")
    await make_client()
    assert await pg.fetch(LISTENING) == []


@pytest.mark.parametrize(
    "arguments",
    [("set-role", "ada@example.com", "user"), ("users", "delete", "ada@example.com", "--yes")],
    ids=" ".join,
)
async def test_command_and_request_at_one_moment_leave_an_admin(
    command: Command, pg: asyncpg.Connection, make_person: MakePerson, arguments: tuple[str, ...]
) -> None:
    await make_person("ada@example.com")
    grace = await make_person()
    await pg.execute("UPDATE users SET role = 'admin'")
    await grace.get("/api/users/me")
    ada_id, grace_id = [row["id"] for row in await pg.fetch("SELECT id FROM users ORDER BY id")]
    loop = asyncio.get_running_loop()
    async with pg.transaction():
        # Held until both wait for their turn, so that neither has decided before the other began.
        await pg.execute(f"SELECT pg_advisory_xact_lock({LOCK})")
        demotion = loop.run_in_executor(None, lambda: command(*arguments))
        request = asyncio.create_task(
            grace.patch(f"/api/admin/users/{grace_id}", json={"is_active": False})
        )
        await until_locks_wait(pg, 2)
    demoted, disabled = (await demotion).exit_code == 0, (await request).status == 200

    assert demoted != disabled
    left = await pg.fetchval("SELECT id FROM users WHERE role = 'admin' AND is_active")
    assert left == (grace_id if demoted else ada_id)
