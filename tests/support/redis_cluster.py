"""A Redis Cluster of three nodes, each of which may be killed."""

from pathlib import Path
from typing import Any

from redis import Redis
from redis.crc import REDIS_CLUSTER_HASH_SLOTS, key_slot

from tests.support.ports import free_port
from tests.support.redis_sentinel import wait_until
from tests.support.redis_server import RedisServer

NODES = 3


class RedisCluster:
    """Three real servers without replicas, each of which serves what it has.

    Args:
        folder: Where they write.
    """

    def __init__(self, folder: Path) -> None:
        self._bounds = [i * REDIS_CLUSTER_HASH_SLOTS // NODES for i in range(NODES + 1)]
        buses = [free_port() for _ in range(NODES)]
        self.nodes = [self._node(folder, bus) for bus in buses]
        self.clients: list[Any] = [Redis.from_url(node.url) for node in self.nodes]
        for i, client in enumerate(self.clients):
            client.execute_command(
                "CLUSTER ADDSLOTSRANGE", self._bounds[i], self._bounds[i + 1] - 1
            )
            client.execute_command("CLUSTER SET-CONFIG-EPOCH", i + 1)
        for node, bus in zip(self.nodes[1:], buses[1:], strict=True):
            self.clients[0].execute_command("CLUSTER MEET", "127.0.0.1", node.port, bus)
        self.wait()
        hosts = ",".join(f"127.0.0.1:{node.port}" for node in self.nodes)
        self.url = f"redis+cluster://{hosts}"

    @staticmethod
    def _node(folder: Path, bus: int) -> RedisServer:
        return RedisServer(
            *("--cluster-enabled", "yes", "--cluster-port", str(bus)),
            *("--cluster-config-file", f"nodes-{bus}.conf", "--dir", str(folder)),
            *("--cluster-require-full-coverage", "no"),
        )

    def wait(self) -> None:
        """Wait until all nodes know one another and serve."""
        wait_until(
            lambda: all(
                (info := client.cluster("INFO"))["cluster_state"] == "ok"
                and int(info["cluster_slots_ok"]) == REDIS_CLUSTER_HASH_SLOTS
                for client in self.clients
            )
        )

    def node_of(self, user_id: int) -> int:
        """Return the number of the node that holds a user's keys."""
        slot = key_slot(str(user_id).encode())
        return max(i for i in range(NODES) if self._bounds[i] <= slot)

    def client_of(self, user_id: int) -> Any:
        """Return a client of the node that holds a user's keys."""
        return self.clients[self.node_of(user_id)]

    def kill(self) -> None:
        for client in self.clients:
            client.close()
        for node in self.nodes:
            node.kill()
