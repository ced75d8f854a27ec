"""Gives memory back to the system that glibc's allocator would keep after a burst of requests.

It goes by the largest block that was ever freed, such as the 19 MiB of a password hash: from then
on it keeps up to twice as much, in an arena for each thread. And what a burst leaves free between
blocks that live on, it keeps in any case. It uses that again, but a process that was attacked once
stays as large. Other allocators, such as musl's and macOS', are left alone.
"""

import asyncio
import ctypes
from collections.abc import AsyncIterator
from typing import Final

from contactsvc.platform import background

EVERY: Final = 10.0
"""Seconds after which memory is given back again: 20 ms for 40 MB, next to nothing for none."""

_M_ARENA_MAX: Final = -8  # malloc.h

_libc: Final = ctypes.CDLL(None)


def share_one_arena() -> None:
    """Let all threads allocate from one arena; call it before there are any (mallopt(3)).

    What is free at the end of another one is never given back, and ends of 19 MiB are.
    """
    if hasattr(_libc, "malloc_trim"):
        _libc.mallopt(_M_ARENA_MAX, 1)


def give_back() -> None:
    """Return to the system every page of the heap that is free (malloc_trim(3))."""
    if hasattr(_libc, "malloc_trim"):
        _libc.malloc_trim(0)


async def giving_back(_: object) -> AsyncIterator[None]:
    """Do so again and again while an application runs; for its cleanup_ctx."""
    task = asyncio.create_task(_give_back_again_and_again(), name="give memory back")
    yield
    await background.stop(task)


async def _give_back_again_and_again() -> None:
    while True:
        await asyncio.sleep(EVERY)
        await asyncio.to_thread(give_back)
