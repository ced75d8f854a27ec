"""A primary, its replica and a Sentinel that watches them; the primary may be killed."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from redis import Redis

from tests.support.redis_server import RedisServer
from tests.support.waiting import PATIENCE

NAME = "mymaster"

CONFIGURATION = f"""
sentinel monitor {NAME} 127.0.0.1 {{port}} 1
sentinel down-after-milliseconds {NAME} 600000
sentinel failover-timeout {NAME} 60000
"""
"""The Sentinel changes over when it is told, and not when a busy machine lets a server wait."""


def wait_until(condition: Callable[[], Any]) -> None:
    """Wait for what servers agree upon among themselves."""
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)  # nothing tells


class RedisSentinel:
    """Two real servers and a real Sentinel.

    Args:
        folder: Where they write.
    """

    def __init__(self, folder: Path) -> None:
        options = ("--dir", str(folder), "--repl-diskless-sync-delay", "0")
        self.primary = RedisServer(*options)
        self.replica = RedisServer(*options, "--replicaof", f"127.0.0.1 {self.primary.port}")
        with Redis.from_url(self.replica.url) as redis:
            wait_until(lambda: redis.info("replication")["master_link_status"] == "up")
        configuration = folder / "sentinel.conf"
        configuration.write_text(CONFIGURATION.format(port=self.primary.port))
        self._sentinel = RedisServer(str(configuration), "--sentinel")
        with Redis.from_url(self._sentinel.url) as redis:
            wait_until(
                lambda: (
                    [replica["master-link-status"] for replica in redis.sentinel_slaves(NAME)]
                    == ["ok"]
                )
            )
        self.url = f"redis+sentinel://127.0.0.1:{self._sentinel.port}/{NAME}/0"

    def promote(self) -> None:
        """Make the replica the primary, whether the primary is dead or goes on."""
        with Redis.from_url(self._sentinel.url) as redis:
            redis.execute_command("SENTINEL", "FAILOVER", NAME)
            wait_until(lambda: redis.sentinel_master(NAME)["port"] == self.replica.port)

    def change_over(self) -> None:
        """Make the replica the primary, and the primary, which goes on, its replica."""
        self.promote()
        with Redis.from_url(self.primary.url) as redis:
            # The Sentinel would do the same in the end, and close the connections, too.
            redis.execute_command("REPLICAOF", "127.0.0.1", self.replica.port)
            wait_until(lambda: redis.info("replication")["master_link_status"] == "up")

    def kill(self) -> None:
        for server in (self._sentinel, self.replica, self.primary):
            server.kill()
