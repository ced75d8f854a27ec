"""Tells which run of which Redis server answers.

A server that was restarted may have read an old file, and a replica that was promoted may lack what
its primary was told last. Either has another ``run_id``. A value that carries the id of the run in
which it was written is valid in that run alone.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

from redis.exceptions import ResponseError

from contactsvc.platform.redis.cluster import Cluster
from contactsvc.platform.redis.connection import Client, is_embedded

logger = logging.getLogger(__name__)

EMBEDDED: Final = b"embedded"
"""The run id of fakeredis, whose data ends with this process."""


class RunIds:
    """Learns the id with each new connection, so that no request costs a round trip more.

    Args:
        redis: The client, before its first command.
        changed: Called when a new connection has reached another run than the one before, so that
            what is kept of older connections can be dropped.
    """

    def __init__(self, redis: Client, changed: Callable[[], None] = lambda: None) -> None:
        self._cluster = redis if isinstance(redis, Cluster) else None
        self._ids: dict[str, bytes] = {}
        self._warned = False
        self._changed = changed
        if isinstance(redis, Cluster):
            redis.call_with_each_connection(self._connected)
        elif is_embedded(redis):
            self._ids[""] = EMBEDDED
        else:
            redis.connection_pool.connection_kwargs["redis_connect_func"] = self._connected

    def of(self, key: str) -> bytes | None:
        """Return the id of the run that holds a key now; None is unknown."""
        return self._ids.get(self._cluster.node_of(key) if self._cluster else "")

    async def _connected(self, connection: Any) -> None:
        """Set up a new connection as the library would, and ask who is at its other end.

        Its health is not checked before: where that fails the library connects anew, which would
        bring it here again and again, until Python's stack is full.
        """
        await connection.on_connect_check_health(check_health=False)
        server = f"{connection.host}:{connection.port}" if self._cluster else ""
        try:
            await connection.send_command("INFO", "server", check_health=False)
            told: bytes = await connection.read_response()
        except ResponseError as error:
            self._ids.pop(server, None)
            self._warn(type(error).__name__)
            return
        fields = dict(line.split(b":", 1) for line in told.splitlines() if b":" in line)
        if run_id := fields.get(b"run_id"):
            if self._ids.get(server, run_id) != run_id:
                self._changed()
            self._ids[server] = run_id
        else:
            self._ids.pop(server, None)
            self._warn("no run_id")

    def _warn(self, reason: str) -> None:
        if not self._warned:
            logger.warning(
                "Redis does not tell its run_id (INFO server: %s), so that it cannot be known "
                "whether it has forgotten anything: users are read from PostgreSQL.",
                reason,
            )
        self._warned = True
