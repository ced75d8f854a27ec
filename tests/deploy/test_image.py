"""The steps of the Dockerfile, run without Docker: what they make serves, on a read-only disk."""

import asyncio
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import orjson
import pytest
from aiohttp import ClientConnectionError, ClientSession

from tests.deploy.support import KEY, ROOT
from tests.deploy.test_dockerfile import ALL, STARTS, environment, last
from tests.support import engines
from tests.support.redis_server import REDIS_SERVER, RedisServer

START_TIMEOUT = 120
"""Seconds, far more than the one that it takes."""

MOUNT = re.compile(r"--mount=\S+ ")

pytestmark = pytest.mark.process

CONFINED = """
set -eu
data=$1; shift
mount --bind "$data" "$data"
mount -o remount,bind,ro /
exec setpriv --bounding-set=-all --inh-caps=-all --no-new-privs "$@"
"""
"""Gives a process nothing but its data folder to write to, and no capability."""


def can_confine() -> bool:
    if os.geteuid() != 0 or not all(map(shutil.which, ("unshare", "setpriv", "mount"))):
        return False
    trial = ["unshare", "--mount", "sh", "-c", "mount --bind /mnt /mnt"]
    return subprocess.run(trial, check=False, capture_output=True).returncode == 0


@pytest.fixture
def folder() -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix="contactsvc-image-"))
    yield path
    shutil.rmtree(path)


@pytest.fixture
def image(folder: Path) -> Path:
    """The virtual environment that the first stage makes, with no compiler in reach."""
    build = folder / "build"
    build.mkdir()
    home = folder / "opt"
    # In the place of the base image's own Python, which gets what builds.
    subprocess.run([sys.executable, "-m", "venv", folder / "base"], check=True)
    path = f"{folder / 'base' / 'bin'}:{os.environ['PATH']}"
    for name, given in ALL[STARTS[0] : STARTS[1]]:
        if name == "COPY":
            *sources, _ = given.split()
            for source in sources:
                copy(ROOT / source, build / source)
        elif name == "RUN":
            command = MOUNT.sub("", given).replace("/opt/contactsvc", str(home))
            environment = {**os.environ, "PATH": path, "CC": "false", "PIP_QUIET": "1"}
            subprocess.run(["sh", "-c", command], cwd=build, env=environment, check=True)
    return home


@pytest.fixture
def database() -> Iterator[str]:
    """An empty database that can be reached without the rights of its owner."""
    if engines.DATABASE_URL is None:
        pytest.skip("needs TEST_DATABASE_URL: the embedded server has no port")
    with engines.scratch_database(engines.DATABASE_URL, f"contactsvc_image_{os.getpid()}") as url:
        yield url


@pytest.fixture
def redis() -> Iterator[str]:
    if REDIS_SERVER is None:
        pytest.skip("needs redis-server")
    server = RedisServer()
    yield server.url
    server.kill()


def copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("__pycache__"))
    else:
        shutil.copy(source, target)


@asynccontextmanager
async def container(
    image: Path, data: Path, settings: dict[str, str], *command: str
) -> AsyncIterator[Process]:
    """Run a command of the image as Compose runs it, as far as that goes without Docker."""
    process = await asyncio.create_subprocess_exec(
        "unshare",
        *("--mount", "--propagation", "private", "sh", "-c", CONFINED, "sh", str(data)),
        *command,
        cwd=data,
        env={
            **environment(),
            **settings,
            "PATH": f"{image / 'bin'}:{os.environ['PATH']}",
            "DATA_DIR": str(data),
            "TMPDIR": str(data),
        },
        stdout=DEVNULL,
    )
    try:
        yield process
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def ended(image: Path, data: Path, settings: dict[str, str], *command: str) -> int:
    async with container(image, data, settings, *command) as process:
        return await process.wait()


async def answers(http: ClientSession, process: Process) -> None:
    """Wait until the service answers."""
    async with asyncio.timeout(START_TIMEOUT):
        while True:
            assert process.returncode is None, "it ended"
            try:
                assert (await http.get("/api/healthchecker")).status == 200
            except ClientConnectionError:
                await asyncio.sleep(0.05)  # nothing tells when a port is opened
            else:
                return


@pytest.mark.skipif(not can_confine(), reason="needs root, to mount a read-only disk")
async def test_what_the_steps_make_serves(
    database: str, redis: str, image: Path, folder: Path, free_port: int
) -> None:
    assert not (image / "bin" / "pip").exists()
    data = folder / "data"
    data.mkdir()
    settings = {
        "DATABASE_URL": database,
        "REDIS_URL": redis,
        "SECRET_KEY": KEY,
        "PORT": str(free_port),
        "WORKERS": "2",
        "SHUTDOWN_DELAY": "0",
    }
    assert await ended(image, data, settings, "touch", str(folder / "elsewhere")) == 1
    extra = ("python", "-c", "import fakeredis")
    assert await ended(image, data, settings, *extra) == 1, "nothing embedded is there"
    assert await ended(image, data, settings, "contactsvc", "migrate") == 0

    async with (
        container(image, data, settings, *orjson.loads(last("CMD"))) as process,
        ClientSession(f"http://127.0.0.1:{free_port}") as http,
    ):
        await answers(http, process)
        check = orjson.loads(last("HEALTHCHECK").split("CMD", 1)[1])
        assert await ended(image, data, settings, *check) == 0
        process.send_signal(signal.SIGTERM)
        assert await process.wait() == 0
