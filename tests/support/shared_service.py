"""One application for many tests, for an application of each test's own is most of its time.

It runs in a thread of its own, so that a test's event loop ends with the test as ever. Before
each test it is as a new one: its tables, its Redis and its folder are empty. One that has work
left in the background, mail to send or pictures to remove, is not used again, so that no test sees
what another one left to be done.
"""

import asyncio
import shutil
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextvars import Context
from pathlib import Path
from typing import Any, Final, TypeVar

import asyncpg
import pytest
import uvloop
from aiohttp.test_utils import BaseTestServer, TestServer
from aiohttp.web import Application, BaseRunner

from contactsvc.app import create_app
from contactsvc.assembly import assemble, services_of
from contactsvc.platform.settings import Settings
from tests.support import engines

LOST: Final = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.OperatorInterventionError,
    asyncpg.PostgresConnectionError,
)
"""What is raised where a connection has been killed."""

T = TypeVar("T")


class LoopThread:
    """A loop of the kind that ``serve`` runs, in a thread of its own until it is stopped."""

    def __init__(self) -> None:
        self._loop = uvloop.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="shared service")
        self._thread.start()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do work in the thread's loop, wait for it, and return or raise what it does.

        It sees none of the caller's context, such as the database that a test has open.
        """
        return self._submit(work).result()

    async def send(self, work: Coroutine[Any, Any, T]) -> T:
        """Do the same, while the caller's own loop goes on."""
        return await asyncio.wrap_future(self._submit(work))

    def _submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        return Context().run(asyncio.run_coroutine_threadsafe, work, self._loop)

    def stop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class SharedDatabase:
    """A connection for what is asked of the database before and after a test, and in most tests."""

    def __init__(self, thread: LoopThread, url: str) -> None:
        self._thread = thread
        self._url = url
        self._connection: asyncpg.Connection | None = None
        self._lock = asyncio.Lock()

    def empty(self) -> None:
        """Remove every row, and let ids begin with 1 again."""
        self.run(engines.empty)

    def run(self, work: Callable[[asyncpg.Connection], Coroutine[Any, Any, T]]) -> T:
        """Do work with the connection; it is done again if a test has killed the connection."""
        return self._thread.run(self._run(work))

    async def send(self, work: Callable[[asyncpg.Connection], Coroutine[Any, Any, T]]) -> T:
        """Do the same, while the caller's own loop goes on."""
        return await self._thread.send(self._run(work))

    def close(self) -> None:
        """Close it without a word, as its server may be gone."""
        self._thread.run(self._terminate())

    async def _terminate(self) -> None:
        if self._connection is not None:
            self._connection.terminate()

    async def _run(self, work: Callable[[asyncpg.Connection], Coroutine[Any, Any, T]]) -> T:
        async with self._lock:
            try:
                return await work(await self._connected())
            except LOST:
                return await work(await self._connected())

    async def _connected(self) -> asyncpg.Connection:
        if self._connection is None or self._connection.is_closed():
            self._connection = await asyncpg.connect(self._url)
        return self._connection


class _Elsewhere(BaseTestServer):
    """A server that another event loop runs; a client of it neither starts nor closes it."""

    def __init__(self, server: TestServer) -> None:
        super().__init__(scheme="http", host=server.host)
        self.port = server.port
        self._root = server.make_url("/")

    async def start_server(self, loop: asyncio.AbstractEventLoop | None = None, **_: Any) -> None:
        """Do nothing: it runs."""

    async def close(self) -> None:
        """Do nothing: others use it, too."""

    async def _make_runner(self, **_: Any) -> BaseRunner:
        raise AssertionError("another event loop runs it")


class SharedService:
    """The application, started when it is asked for.

    Args:
        thread: Where it runs.
        folder: Its DATA_DIR.
    """

    def __init__(self, thread: LoopThread, folder: Path) -> None:
        self.folder = folder
        self._thread = thread
        self._settings: Settings | None = None
        self._server: TestServer | None = None

    @property
    def is_running(self) -> bool:
        """Whether it has been started, and not been closed since."""
        return self._server is not None

    def server(self, settings: Settings) -> BaseTestServer:
        """Return the server of an application with these settings, to be given to a client."""
        if settings != self._settings:
            self.retire()
        if self._server is None:
            server = TestServer(create_app(assemble(settings)))
            self._thread.run(server.start_server())
            self._server, self._settings = server, settings
        return _Elsewhere(self._server)

    def clean(self, database: SharedDatabase) -> None:
        """Forget the last test; to be called before the tables are emptied."""
        if self._server is None or self._is_at_work(database):
            self.retire()
        else:
            self._thread.run(_flush(self._server.app))
            self._empty_folder()

    def retire(self) -> None:
        """Close the application when its work in the background is done, and empty its folder."""
        if self._server is not None:
            self._thread.run(self._server.close())
            self._server = None
        self._empty_folder()

    def _is_at_work(self, database: SharedDatabase) -> bool:
        assert self._server is not None
        deletions = services_of(self._server.app).avatars._deleter._deletions
        return bool(deletions) or database.run(_mail_is_pending)

    def _empty_folder(self) -> None:
        if any(self.folder.iterdir()):
            shutil.rmtree(self.folder)
            self.folder.mkdir()


SERVICE = pytest.StashKey[SharedService]()


def retire_shared(config: pytest.Config) -> None:
    """Close the application of this run, if it has been started."""
    if service := config.stash.get(SERVICE, None):
        service.retire()


async def _flush(app: Application) -> None:
    await services_of(app).cache._redis.flushdb()


async def _mail_is_pending(connection: asyncpg.Connection) -> bool:
    pending = "SELECT EXISTS (SELECT FROM outbox WHERE status = 'pending')"
    is_pending: bool = await connection.fetchval(pending)
    return is_pending
