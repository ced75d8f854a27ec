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
import mmap
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from typing import Final

from contactsvc.platform import background

COLLECT_AFTER: Final = 5_000
"""Objects that there are more of than at the last collection, before the next one of the youngest.

Requests under way at the same time, and a batch of an import, have more than Python's 700, and
leave next to no cycles behind: so the collector would run again and again, and find nothing.
"""

TRIM_INTERVAL: Final = 10.0
"""Seconds between two trims. A trim takes 20 ms for 40 MB, and half a millisecond for nothing."""

_M_ARENA_MAX: Final = -8  # malloc.h

_libc: Final = ctypes.CDLL(None)
_libc.malloc.argtypes, _libc.malloc.restype = [ctypes.c_size_t], ctypes.c_void_p
_libc.free.argtypes = [ctypes.c_void_p]
_libc.madvise.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int]

_MADV_HUGEPAGE: Final[int | None] = getattr(mmap, "MADV_HUGEPAGE", None)
"""Linux alone has it."""


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


def prefer_huge_pages(size: int) -> None:
    """Let the next block of this size be in huge pages, where the system has some (madvise(2)).

    glibc gives whoever asks next, as this thread does, the block that was freed last. Work that
    jumps about in it has fewer misses in the processor's table of pages: a password hash takes a
    tenth less CPU.

    Args:
        size: Bytes of the block, from several huge pages of 2 MiB up to 32 MiB.
    """
    if _MADV_HUGEPAGE is None or not hasattr(_libc, "malloc_trim"):
        return
    _libc.free(_libc.malloc(size))  # from now on such blocks come from the heap, see mallopt(3)
    if block := _libc.malloc(size):
        first_page = -(-block // mmap.PAGESIZE) * mmap.PAGESIZE
        _libc.madvise(first_page, size - mmap.PAGESIZE, _MADV_HUGEPAGE)
        _libc.free(block)


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


@contextmanager
def rare_collections() -> Iterator[None]:
    """Collect garbage as seldom as a process that serves does, meanwhile; for commands."""
    before = gc.get_threshold()
    gc.set_threshold(COLLECT_AFTER, *before[1:])
    try:
        yield
    finally:
        gc.set_threshold(*before)


async def trimming(_: object) -> AsyncIterator[None]:
    """Trim every TRIM_INTERVAL seconds while an application runs; for its ``cleanup_ctx``."""
    task = asyncio.create_task(_trim_periodically(), name="trim memory")
    yield
    await background.stop(task)


async def _trim_periodically() -> None:
    while True:
        await asyncio.sleep(TRIM_INTERVAL)
        await asyncio.to_thread(trim)
