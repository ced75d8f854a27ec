"""What all tests share: engines, an application on them, and people who use it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any, cast

import asyncpg
import pytest
from aiohttp import ClientResponse, web
from aiohttp.test_utils import BaseTestServer, TestClient
from pytest_aiohttp.plugin import AiohttpClient
from redis.asyncio import Redis
from tortoise import Model
from tortoise.apps import Apps
from zxcvbn import zxcvbn

from contactsvc.accounts.security import passwords
from contactsvc.accounts.security.passwords import Cost
from contactsvc.app import create_app
from contactsvc.assembly import assemble
from contactsvc.mail.worker import OutboxWorker
from contactsvc.platform.redis.connection import connect
from contactsvc.platform.settings import Settings
from tests.support import engines
from tests.support.accounts import add_account, password_hash
from tests.support.mailbox import Mailbox
from tests.support.shared_service import SharedDatabase, SharedService, retire_shared
from tests.support.waiting import PATIENCE

pytest_plugins = (
    "tests.support.garbage",
    "tests.support.address_books",
    "tests.support.administrators",
    "tests.support.broken_routes",
    "tests.support.cache_leases",
    "tests.support.cloudinary_server",
    "tests.support.http_clients",
    "tests.support.lanes",
    "tests.support.monotonic",
    "tests.support.lazy_connection",
    "tests.support.over_http",
    "tests.support.scrapes",
    "tests.support.session_repository",
    "tests.support.session_service",
    "tests.support.sharing",
    "tests.support.fast_lane",
)

PASSWORD = "correct horse battery staple"

PATIENT: dict[str, Any] = {"database_timeout": 60, "redis_timeout": 60}
"""How long requests wait for PostgreSQL and Redis: a busy machine is no outage."""

Client = TestClient[web.Request, web.Application]


@pytest.fixture(scope="session")
def postgres_url(pytestconfig: pytest.Config) -> Iterator[str]:
    """A migrated database for the whole run."""
    with engines.postgres() as url:
        yield url
        retire_shared(pytestconfig)


@pytest.fixture
async def redis_url() -> AsyncIterator[str | None]:
    """The URL of an empty Redis; None is fakeredis, which every application has its own of."""
    if engines.REDIS_URL is None:
        yield None
        return
    async with Redis.from_url(engines.REDIS_URL) as redis:
        await redis.flushdb()
        yield engines.REDIS_URL
        await redis.flushdb()  # the last test leaves nothing behind


@pytest.fixture
async def redis(redis_url: str | None) -> AsyncIterator[Redis]:
    """A client of the empty Redis that waits for each answer, however slow the machine is."""
    async with connect(redis_url, PATIENCE) as redis:
        assert isinstance(redis, Redis)
        yield redis


@pytest.fixture(scope="session", autouse=True)
def _one_estimate_for_each_password() -> Iterator[None]:
    """Ask zxcvbn once of each password: what it says depends on nothing else."""
    estimates: dict[tuple[str, ...], Any] = {}

    def once(password: str, user_inputs: list[str]) -> Any:
        asked = (password, *user_inputs)
        if asked not in estimates:
            estimates[asked] = zxcvbn(password, user_inputs=user_inputs)
        return estimates[asked]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("zxcvbn.zxcvbn", once)
        yield


@pytest.fixture(scope="session", autouse=True)
def _models_are_built_once() -> Iterator[None]:
    """Let the ORM derive filters and queries from its models once, not for each pool it opens."""
    build = Apps._build_initial_querysets
    built: set[tuple[type[Model], ...]] = set()

    def once(apps: Apps) -> None:
        models = tuple(apps.get_models_iterable())
        if models not in built:
            build(apps)
            built.add(models)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Apps, "_build_initial_querysets", once)
        yield


@pytest.fixture(autouse=True)
def _cheap_hashes(request: pytest.FixtureRequest) -> Iterator[None]:
    """Hash passwords at next to no cost: in full it is half the time of a short test."""
    with pytest.MonkeyPatch.context() as patch:
        if not request.node.get_closest_marker("real_hashes"):
            patch.setattr(passwords, "OWASP", Cost(memory_kib=64, passes=1, lanes=1))
        yield


@pytest.fixture
def settings(
    postgres_url: str,
    empty_tables: None,
    redis_url: str | None,
    shares_app: bool,
    shared_service: SharedService,
    request: pytest.FixtureRequest,
) -> Settings:
    """Settings of an application on the test's engines."""
    return Settings(
        data_dir=shared_service.folder if shares_app else request.getfixturevalue("tmp_path"),
        database_url=postgres_url,
        database_pool_size=5,
        redis_url=redis_url,
        **({} if request.node.get_closest_marker("outage") else PATIENT),
        secret_key="kY3-for-tests-only_0123456789abcdef",
        public_url="https://contacts.example.com",
        # All tests come from one address.
        login_limit_per_address="100000/minute",
        login_limit_per_account="100000/minute",
        mail_limit_per_address="100000/minute",
        mail_limit_per_account="100000/minute",
        user_limit="100000/minute",
        transfer_limit="100000/minute",
    )


@pytest.fixture
def mailbox(settings: Settings) -> Mailbox:
    """The mails that the application writes."""
    return Mailbox(settings.data_dir / "mail")


@pytest.fixture
def eager_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let mail workers look again after 20 ms, for what a test asks for by SQL wakes none."""
    defaults = OutboxWorker.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "poll", 0.02)


@pytest.fixture
def patient_worker(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let mail workers try again after a day, so that a mail which failed waits for the test."""
    defaults = OutboxWorker.__init__.__kwdefaults__
    assert defaults is not None
    monkeypatch.setitem(defaults, "jitter", lambda _, __: 24 * 3600.0)


MakeClient = Callable[..., Awaitable[Client]]


@pytest.fixture
def make_client(settings: Settings, aiohttp_client: AiohttpClient) -> MakeClient:
    """Start an application, with some settings changed, and return a client of it."""

    async def make(**changes: Any) -> Client:
        return await aiohttp_client(create_app(assemble(replace(settings, **changes))))

    return make


@pytest.fixture
async def client(
    settings: Settings,
    shares_app: bool,
    shared_server: Callable[[], BaseTestServer],
    aiohttp_client: AiohttpClient,
) -> Client:
    """A client of a running application, which other tests have used if this one can share it."""
    if shares_app:
        return cast("Client", await aiohttp_client(shared_server()))
    return await aiohttp_client(create_app(assemble(settings)))


@dataclass
class Person:
    """Somebody with an account, who sends their access token along."""

    client: Client
    email: str
    tokens: dict[str, Any] = field(default_factory=dict)

    async def sign_in(self, password: str = PASSWORD) -> None:
        body = {"email": self.email, "password": password}
        async with self.client.post("/api/auth/login", json=body) as response:
            assert response.status == 200, await response.text()
            self.tokens = await response.json()

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.tokens['access_token']}"}

    async def request(self, method: str, path: str, **kwargs: Any) -> ClientResponse:
        headers = self.headers | kwargs.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **kwargs)

    async def get(self, path: str, **kwargs: Any) -> ClientResponse:
        return await self.request("GET", path, **kwargs)

    async def post(self, path: str, **kwargs: Any) -> ClientResponse:
        return await self.request("POST", path, **kwargs)

    async def put(self, path: str, **kwargs: Any) -> ClientResponse:
        return await self.request("PUT", path, **kwargs)

    async def patch(self, path: str, **kwargs: Any) -> ClientResponse:
        return await self.request("PATCH", path, **kwargs)

    async def delete(self, path: str, **kwargs: Any) -> ClientResponse:
        return await self.request("DELETE", path, **kwargs)

    async def add_contact(self, **fields: Any) -> dict[str, Any]:
        """Add a contact and return it."""
        response = await self.post("/api/contacts/", json={"first_name": "Ada"} | fields)
        assert response.status == 201, await response.text()
        contact: dict[str, Any] = await response.json()
        return contact


MakePerson = Callable[..., Awaitable[Person]]


@pytest.fixture
def make_person(client: Client, shared_database: SharedDatabase) -> MakePerson:
    """Give somebody a confirmed account and sign them in."""

    async def make(
        email: str = "grace@example.com",
        name: str = "Grace Hopper",
        client: Client = client,
        pg: asyncpg.Connection | None = None,
    ) -> Person:
        columns = {"name": name, "password_hash": password_hash(PASSWORD)}
        if pg is not None:
            await add_account(pg, email, **columns)
        else:
            shared_database.run(lambda connection: add_account(connection, email, **columns))
        person = Person(client, email)
        await person.sign_in()
        return person

    return make


@pytest.fixture
async def grace(make_person: MakePerson) -> Person:
    """A signed-in user."""
    return await make_person()


async def problem(response: ClientResponse, status: int, code: str) -> dict[str, Any]:
    """Assert that an answer is this problem, in the whole of the envelope, and return it."""
    body: dict[str, Any] = await response.json(content_type="application/problem+json")
    assert response.status == status, body
    assert body["code"] == code, body
    assert body["status"] == status
    assert body["type"] == f"urn:contactsvc:problem:{code}"
    assert body["title"]
    assert body["detail"]
    assert body["request_id"] == response.headers["X-Request-ID"]
    return body


async def pointers(response: ClientResponse) -> set[str]:
    """Assert that an answer is 422 validation_failed and return the values it names."""
    body = await problem(response, 422, "validation_failed")
    assert all(error["detail"] for error in body["errors"])
    return {error["pointer"] for error in body["errors"]}
