"""What a burst of requests takes, the system has back soon after it."""

import asyncio
import platform
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest
from aiohttp import ClientSession

from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD
from tests.flows.test_leaving import until_health_is
from tests.support.redis_server import RedisServer
from tests.support.service_process import LAST_OF_START, Service
from tests.support.waiting import PATIENCE, until

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another allocator's memory"),
]

MB = 10**6

WELCOMES = ("Press Ctrl-C", "Listening at")
"""What one process says when it is up, and several when they begin."""

BURST = """
import threading

from contactsvc.platform import memory

def resident():
    with open("/proc/self/status") as status:
        return next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmRSS:"))

def large(together):
    b"x" * (19 * 2**20)  # once it is freed, the next one does not come from the system
    block = b"x" * (19 * 2**20)
    together.wait()

memory.share_one_arena()
before = resident()
together = threading.Barrier(4)
threads = [threading.Thread(target=large, args=(together,)) for _ in range(4)]
small = [bytes([number % 256]) * 20_000 for number in range(2000)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
del small[:-1]
kept = resident() - before
memory.trim()
print(kept, resident() - before)
"""
"""Four large blocks at a time, freed in threads of their own, and 40 MB of small ones below one."""


async def test_what_is_free_goes_back_to_the_system() -> None:
    arguments = (sys.executable, "-c", BURST)
    process = await asyncio.create_subprocess_exec(*arguments, stdout=asyncio.subprocess.PIPE)
    printed, _ = await asyncio.wait_for(process.communicate(), PATIENCE)

    kept, remaining = map(int, printed.split())
    assert kept > 30 * MB, "or nothing is shown"
    assert remaining < 10 * MB


HUGE = """
import ctypes, pathlib

from contactsvc.platform import memory

SIZE = 19 * 2**20
malloc = ctypes.CDLL(None).malloc
malloc.argtypes, malloc.restype = [ctypes.c_size_t], ctypes.c_void_p

def flags_at(address):
    found = False
    for line in pathlib.Path("/proc/self/smaps").read_text().splitlines():
        name, _, rest = line.partition(" ")
        if not name.endswith(":"):
            first, _, end = name.partition("-")
            found = int(first, 16) <= address < int(end, 16)
        elif found and name == "VmFlags:":
            return rest.split()

memory.share_one_arena()
memory.prefer_huge_pages(SIZE)
print("hg" in flags_at(malloc(SIZE) + SIZE // 2), "hg" in flags_at(malloc(SIZE) + SIZE // 2))
"""
"""Whether huge pages are wanted for the next block, and for the one after it."""


@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists(), reason="no huge pages here"
)
def test_the_next_large_block_is_wanted_in_huge_pages_and_no_other() -> None:
    ran = subprocess.run([sys.executable, "-c", HUGE], capture_output=True, check=True, text=True)
    assert ran.stdout.split() == ["True", "False"]


@pytest.mark.parametrize("enabled", [True, False])
def test_collections_are_as_they_were_after_a_time_without(enabled: bool) -> None:
    code = "import gc; from contactsvc.platform import memory\n"
    code += "" if enabled else "gc.disable()\n"
    code += "with memory.without_collections(): print(gc.isenabled())\nprint(gc.isenabled())"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.split() == ["False", str(enabled)]


@pytest.fixture
async def service(
    tmp_path: Path, settings: Settings, redis_server: RedisServer
) -> AsyncIterator[Service]:
    service = Service(tmp_path)
    service.share(settings, redis_server.url)
    for limit in ("LOGIN_LIMIT_PER_ADDRESS", "LOGIN_LIMIT_PER_ACCOUNT"):
        service.environment[limit] = "1000/minute"
    yield service
    if service.process.returncode is None:
        await service.stop(signal.SIGINT)


def memory(service: Service) -> int:
    """Return the bytes that a service holds, with its workers."""
    first = psutil.Process(service.process.pid)
    return sum(each.memory_info().rss for each in (first, *first.children()))


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_service_that_was_attacked_is_not_larger_for_ever(
    service: Service, processes: int
) -> None:
    await service.start("--workers", str(processes), until=WELCOMES[processes > 1])
    await until(lambda: service.log.read_text().count(LAST_OF_START) == processes)
    async with ClientSession() as http:
        await until_health_is(http, service, 200)
        before = memory(service)
        body = {"email": "nobody@example.com", "password": PASSWORD}
        signing_in = [http.post(f"{service.url}/api/auth/login", json=body) for _ in range(20)]
        assert {answer.status for answer in await asyncio.gather(*signing_in)} == {401}
    unfinished = b"GET / HTTP/1.1\r\n" + (b"X: " + b"x" * 8000 + b"\r\n") * 8
    writers = []
    for _ in range(300 * processes):
        _, writer = await asyncio.open_connection("127.0.0.1", service.environment["PORT"])
        writer.write(unfinished)
        writers.append(writer)
    await until(lambda: memory(service) > before + 8 * processes * MB)

    for writer in writers:
        writer.close()

    # Each process keeps what its first requests have made, such as connections to PostgreSQL.
    await until(lambda: memory(service) < before + 4 * processes * MB)
