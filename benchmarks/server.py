"""Processes that are measured from outside: pinned to one core, and ended by their id.

It reads /proc and pins with sched_setaffinity(2), and so needs Linux.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from pathlib import Path
from types import FrameType
from typing import Final

from yarl import URL

START_LIMIT: Final = 60.0
"""Seconds in which a server must answer for the first time."""

_CPU_CLOCK: Final = 2
"""What clock_getcpuclockid(3) puts into the lowest three bits for the CPU time of a process."""


class Measured:
    """A process as /proc shows it.

    Args:
        pid: The id of the process.
    """

    def __init__(self, pid: int) -> None:
        self._folder = Path(f"/proc/{pid}")
        self._clock = ~pid << 3 | _CPU_CLOCK

    @property
    def cpu(self) -> float:
        """Seconds of CPU that all its threads have used, in user and system mode.

        The clock counts nanoseconds; /proc only ticks of ten milliseconds.
        """
        return time.clock_gettime(self._clock)

    @property
    def memory(self) -> float:
        """Its resident memory in megabytes (10**6 bytes)."""
        lines = (self._folder / "status").read_text().splitlines()
        line = next(each for each in lines if each.startswith("VmRSS:"))
        return int(line.split()[1]) * 1024 / 1e6


@dataclass(frozen=True)
class Server:
    """A server that answers.

    Attributes:
        name: What it is called in tables.
        url: Where it listens.
        token: The access token of the account that is used.
        pid: The id of its process.
        start_cpu: Seconds of CPU until its first answer.
    """

    name: str
    url: str
    token: str
    pid: int
    start_cpu: float

    @property
    def process(self) -> Measured:
        """Its process."""
        return Measured(self.pid)


def cores() -> tuple[int, int]:
    """Return the core of the server and that of the load; they are the same if there is one."""
    allowed = sorted(os.sched_getaffinity(0))
    return allowed[0], allowed[-1]


@contextmanager
def on_core(core: int | None) -> Iterator[None]:
    """Pin the processes that are started meanwhile; None leaves them alone."""
    allowed = os.sched_getaffinity(0)
    if core is not None:
        os.sched_setaffinity(0, {core})
    try:
        yield
    finally:
        os.sched_setaffinity(0, allowed)


@contextmanager
def running(
    name: str,
    command: Sequence[str],
    environment: Mapping[str, str],
    url: str,
    token: str,
    core: int | None,
) -> Iterator[Server]:
    """Run a server until the block ends.

    Args:
        name: What it is called in tables.
        command: The program with its arguments.
        environment: All of its environment.
        url: Where it will listen.
        token: The access token that it accepts.
        core: The core that it is pinned to; None leaves it alone.
    """
    with on_core(core):
        process = subprocess.Popen(
            command,
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the benchmark, which then ends the server
        )
    try:
        _await_answer(url, process)
        yield Server(name, url, token, process.pid, Measured(process.pid).cpu)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _await_answer(url: str, process: "subprocess.Popen[bytes]") -> None:
    address = URL(url)
    end = time.monotonic() + START_LIMIT
    while time.monotonic() < end and process.poll() is None:
        connection = HTTPConnection(address.host or "", address.port, timeout=START_LIMIT)
        try:
            connection.request("GET", "/livez")
            connection.getresponse()
        except ConnectionError:
            time.sleep(0.01)
        else:
            return
        finally:
            connection.close()
    sys.exit(f"{process.args!r} does not answer at {url}; run it by hand to see why.")


def run(main: Callable[[], None]) -> None:
    """Run a benchmark; SIGTERM lets it clean up as Ctrl-C does."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    for each in (signal.SIGINT, signal.SIGTERM):  # shells let background jobs ignore SIGINT
        signal.signal(each, interrupt)
    try:
        main()
    except KeyboardInterrupt:
        sys.exit(130)
