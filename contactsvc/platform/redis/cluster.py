"""A Redis Cluster, of which one node may be away while the others go on."""

from collections.abc import Awaitable, Callable
from typing import Any

from redis.asyncio import RedisCluster
from redis.commands.core import AsyncScript
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisClusterException, SlotNotCoveredError


class Cluster(RedisCluster):
    """The library's client, made to fail as one for a single server does."""

    # Without the base class's time-outs and "Cluster is down": a second try would end the same.
    ERRORS_ALLOW_RETRY: Any = (RedisConnectionError, SlotNotCoveredError)

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self._given = dict(self.nodes_manager.startup_nodes)

    async def execute_command(self, *args: Any, **kwargs: Any) -> Any:
        """Execute a command on the node that holds its keys.

        Raises:
            RedisError: A node refused the command, or none answers.
            OSError: The connection failed.
        """
        try:
            await self.initialize()  # or the library would send the first one to any node
            return await super().execute_command(*args, **kwargs)
        except (RedisClusterException, LookupError, AttributeError) as error:
            # No RedisError, though it means that no node answers, or none holds the keys. The nodes
            # may all have new addresses: those that were given are asked again.
            self.nodes_manager.startup_nodes.update(self._given)
            raise RedisConnectionError(type(error).__name__) from error

    def call_with_each_connection(self, connected: Callable[[Any], Awaitable[None]]) -> None:
        """Let ``connected`` set up every connection, in place of the library."""
        nodes = self.nodes_manager
        for options in (
            self.connection_kwargs,
            nodes.connection_kwargs,
            *(node.connection_kwargs for node in nodes.startup_nodes.values()),
        ):
            options["redis_connect_func"] = connected

    def register_script(self, script: Any) -> Any:
        """Return a script that can be run while a node is away."""
        return _Script(self, script)

    async def ping(self, **kwargs: Any) -> Any:
        """Ask every node that holds keys.

        Raises:
            RedisError: One of them does not answer.
        """
        return await super().ping(target_nodes=self.PRIMARIES, **kwargs)

    def node_of(self, key: str) -> str:
        """Return the name of the node that holds a key; empty while that is unknown."""
        try:
            node = self.get_node_from_key(key)
        except (SlotNotCoveredError, LookupError):
            return ""
        return str(node.name) if node else ""

    async def aclose(self) -> None:
        """Close all connections."""
        await super().aclose()
        # After a failure the library believes that none is open.
        await self.nodes_manager.aclose()
        await self.nodes_manager.aclose("startup_nodes")


class _Script(AsyncScript):
    """A script whose text is sent with each call: EVALSHA works only where a node has loaded it."""

    async def __call__(self, keys: Any = None, args: Any = None, client: Any = None) -> Any:
        client = client or self.registered_client
        return await client.eval(self.script, len(keys), *keys, *args)
