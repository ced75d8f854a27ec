"""How many files, sockets included, the process may have open."""

import logging
import resource
from contextlib import suppress
from typing import Final

logger = logging.getLogger(__name__)

RESERVED: Final = 256
"""Files beside the connections of clients: PostgreSQL, Redis, mail, pictures, the program."""


def allow_connections(count: int) -> None:
    """Raise the limit of open files, as far as the system lets us, to so many connections.

    Many systems begin with 1024 and let a process have more if it asks. Without a free file the
    service could neither accept a connection nor open one to PostgreSQL.

    Args:
        count: Connections of clients; RESERVED is added.
    """
    needed = count + RESERVED
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == resource.RLIM_INFINITY or soft >= needed:
        return
    allowed = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, hard))
    if resource.getrlimit(resource.RLIMIT_NOFILE)[0] < needed:
        logger.warning(
            "Only %d files may be open, too few for MAX_CONNECTIONS, %d: let it be %d (ulimit -n).",
            *(allowed, count, needed),
        )
