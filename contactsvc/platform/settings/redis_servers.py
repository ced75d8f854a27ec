"""The URL of several Redis servers: those of a Sentinel, or some nodes of a Cluster."""

import re
from dataclasses import dataclass
from typing import Final

_URL: Final = re.compile(
    r"(?P<scheme>rediss?)\+(?P<kind>sentinel|cluster)://"
    r"(?P<user>[^/?#]*@)?(?P<hosts>[^/?#@]+)"
    r"(?:/(?P<path>[^?#]*))?(?P<options>\?[^#]*)?"
)
_HOST: Final = re.compile(r"(?P<name>\[[0-9A-Fa-f:.]+\]|[A-Za-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?")
_SENTINEL_PATH: Final = re.compile(r"(?P<service>[^/]+)(?:/(?P<db>[0-9]+)?)?")
_PORTS: Final = {"sentinel": 26379, "cluster": 6379}


@dataclass(frozen=True)
class RedisServers:
    """Several servers that are one Redis together.

    Args:
        urls: URL of each server, as ``redis://`` or ``rediss://``.
        service: What the Sentinels call the primary; None is a Cluster.
    """

    urls: tuple[str, ...]
    service: str | None

    @classmethod
    def parse(cls, url: str) -> "RedisServers":
        """Read ``redis+sentinel://``, ``redis+cluster://``, or either with ``rediss``.

        Raises:
            ValueError: It is no such URL. The reason does not repeat it: it may hold a password.
        """
        match = _URL.fullmatch(url)
        if match is None:
            raise ValueError("must be like redis+sentinel://host1,host2/mymaster.")
        kind, path = match["kind"], match["path"] or ""
        service, db = _service(path) if kind == "sentinel" else (None, _no_service(path))
        begin, end = f"{match['scheme']}://{match['user'] or ''}", f"/{db}{match['options'] or ''}"
        hosts = (_host(text, _PORTS[kind]) for text in match["hosts"].split(","))
        return cls(tuple(f"{begin}{host}{end}" for host in hosts), service)


def _service(path: str) -> tuple[str, str]:
    match = _SENTINEL_PATH.fullmatch(path)
    if match is None:
        raise ValueError("must name the primary behind the hosts, as in /mymaster or /mymaster/0.")
    return match["service"], match["db"] or "0"


def _no_service(path: str) -> str:
    if path not in ("", "0"):
        raise ValueError("must have nothing behind the hosts: a Cluster has one database.")
    return "0"


def _host(text: str, default: int) -> str:
    match = _HOST.fullmatch(text)
    port = int(match["port"] or default) if match else 0
    if match is None or not 0 < port < 65536:
        raise ValueError("must have hosts such as redis-1.example.com:6379, with commas between.")
    return f"{match['name']}:{port}"
