"""Returns memory to the system that glibc's allocator would keep after a burst of requests.

glibc adapts to the largest block that was ever freed, such as the 19 MiB of a password hash: from
then on it keeps up to twice as much free memory, in an arena for each thread. What a burst leaves
free between blocks that are still in use, it keeps in any case. The memory is used again, but
without a trim the process stays as large as its worst burst. Other allocators, such as musl's and
macOS', are left alone.
"""

import asyncio
import ctypes
import gc
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final

from contactsvc.platform import background

TRIM_INTERVAL: Final = 10.0
"""Seconds between two trims. A trim takes 20 ms for 40 MB, and half a millisecond for nothing."""

_M_ARENA_MAX: Final = -8  # malloc.h

_libc: Final = ctypes.CDLL(None)


def share_one_arena() -> None:
    """Let all threads allocate from one arena; call it before there are any (mallopt(3)).

    ``malloc_trim`` does not shrink the end of any other arena, and that end may be 19 MiB.
    """
    if hasattr(_libc, "malloc_trim"):
        _libc.mallopt(_M_ARENA_MAX, 1)


def trim() -> None:
    """Return to the system every page of the heap that is free (malloc_trim(3))."""
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)


@contextmanager
def without_collections() -> Iterator[None]:
    """Collect no garbage meanwhile; for imports, which make much that stays and little garbage.

    Each full collection walks through all that there is so far: a fifth of the time of a start.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


async def trimming(_: object) -> AsyncIterator[None]:
    """Trim every TRIM_INTERVAL seconds while an application runs; for its ``cleanup_ctx``."""
    task = asyncio.create_task(_trim_periodically(), name="trim memory")
    yield
    await background.stop(task)


async def _trim_periodically() -> None:
    while True:
        await asyncio.sleep(TRIM_INTERVAL)
        await asyncio.to_thread(trim)
