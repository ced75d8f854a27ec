"""Which layer of the service, or of the floor, a line of code belongs to."""

from pathlib import Path
from types import FrameType
from typing import Final

LOOP: Final = "event loop, sockets"
REST: Final = "rest"

_PROJECT: Final = Path(__file__).parents[1]

LAYERS: Final[tuple[tuple[str, tuple[str, ...]], ...]] = (
    # What runs when nothing of ours does: uvloop calls back from here.
    (LOOP, ("aiohttp/web.py", "asyncio/runners.py")),
    ("client address, request id", (
        "contactsvc/web/middleware/client_address.py",
        "contactsvc/web/middleware/request_id.py",
    )),
    ("access log", (
        "aiohttp/web_log.py",
        "contactsvc/platform/logs.py",
        "contactsvc/web/middleware/access_log.py",
        "logging/",
    )),
    ("validation, phone", (
        "aiohttp_apispec/",
        "contactsvc/contacts/schemas/",
        "contactsvc/platform/text/",
        "contactsvc/web/bodies.py",
        "contactsvc/web/date_fields.py",
        "contactsvc/web/fields.py",
        "contactsvc/web/middleware/validation.py",
        "contactsvc/web/query_fields.py",
        "contactsvc/web/schemas.py",
        "contactsvc/web/timestamps.py",
        "marshmallow/",
        "phonenumbers/",
        "pyuca/",
        "webargs/",
    )),
    ("throttle, metrics", (
        "contactsvc/platform/metrics.py",
        "contactsvc/platform/redis/process_counts.py",
        "contactsvc/platform/redis/throttle.py",
        "contactsvc/web/middleware/metrics.py",
        "limits/",
        "prometheus_client/",
    )),
    ("user, authentication", (
        "contactsvc/accounts/",
        "contactsvc/platform/keyring.py",
        "contactsvc/web/bearer.py",
    )),
    ("other middleware", ("contactsvc/web/middleware/",)),
    ("our client, watch", ("contactsvc/platform/database/",)),
    ("our Redis client", ("contactsvc/platform/redis/",)),
    ("view", ("benchmarks/floor.py", "contactsvc/contacts/", "contactsvc/web/")),
    ("PyJWT", ("jwt/",)),
    ("redis-py", ("async_timeout/", "asyncio/streams.py", "redis/")),
    ("Tortoise, pypika", ("pypika_tortoise/", "tortoise/")),
    ("asyncpg", ("asyncpg/",)),
    ("aiohttp", ("aiohttp/", "multidict/", "yarl/")),
)  # fmt: skip
"""Layers with the beginnings of their files' names. The first that fits counts."""


def relative(filename: str) -> str:
    """Return a file's name below the libraries, the standard library or the project."""
    for root in ("/site-packages/", f"{_PROJECT}/"):
        _, found, name = filename.rpartition(root)
        if found:
            return name
    _, found, name = filename.partition("/lib/python")
    return name.partition("/")[2] if found else filename


def layer_of_file(name: str) -> str | None:
    """Return the layer of a file by its relative name.

    None is for code that works for whoever calls it, such as most of the standard library.
    """
    for layer, beginnings in LAYERS:
        if name.startswith(beginnings):
            return layer
    return None


class Layers:
    """Finds the layers of frames; remembers those of their files."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str | None, str]] = {}

    def of(self, frame: FrameType | None) -> tuple[str, str]:
        """Return the layer of the innermost frame that has one, and its function."""
        while frame is not None:
            code = frame.f_code
            found = self._known.get(code.co_filename)
            if found is None:
                name = relative(code.co_filename)
                found = self._known[code.co_filename] = layer_of_file(name), name
            if found[0] is not None:
                return found[0], f"{found[1]}:{code.co_qualname}"
            frame = frame.f_back
        return REST, "-"
