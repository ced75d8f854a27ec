"""A Redis of a test's own, to be killed."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager

from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from tests.support.ports import free_port

REDIS_SERVER = shutil.which("redis-server")


class RedisServer:
    """A real redis-server that can be killed and started again on its port."""

    def __init__(self, *options: str) -> None:
        self._options = options
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", ""]
        self._process = subprocess.Popen(
            [str(REDIS_SERVER), *self._options, *options, "--appendonly", "no"],
            stdout=subprocess.DEVNULL,
        )
        with Redis.from_url(self.url) as redis:
            while True:
                try:
                    redis.ping()
                except RedisConnectionError:
                    assert self._process.poll() is None, "redis-server did not start"
                    time.sleep(0.01)  # nothing tells when a port is opened
                else:
                    return

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let it answer nobody for a while; what it is asked meanwhile it answers after that."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        self._process.kill()
        self._process.wait()
