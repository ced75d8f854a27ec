"""Holds the claim of a key while its request is worked on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Final
from weakref import WeakValueDictionary

from contactsvc.accounts.idempotency import repository
from contactsvc.accounts.idempotency.repository import LEASE, Claim, KeptAnswer
from contactsvc.platform import background
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import Unavailable

RENEW_INTERVAL: Final = LEASE / 3
"""Seconds after which the lease of a request that is under way is renewed."""

_TURNS: Final[WeakValueDictionary[int, asyncio.Lock]] = WeakValueDictionary()
"""By user: whose request with a key is in a transaction in this process."""


@asynccontextmanager
async def in_turn(user_id: int) -> AsyncIterator[None]:
    """Hold a transaction, one at a time for each user in this process.

    They would wait for one another at the user's address book, each with a connection.
    """
    async with _TURNS.setdefault(user_id, asyncio.Lock()), transaction():
        yield


class Hold:
    """A claim that is held, and what becomes of it.

    Args:
        claim: The claim, which is renewed from now on.
    """

    def __init__(self, claim: Claim) -> None:
        self._claim = claim
        self._renewing = asyncio.create_task(_renew(claim), name="renew an idempotency key")
        self.is_kept = False

    async def keep(self, answer: KeptAnswer) -> None:
        """Keep the answer, in the transaction around this if there is one.

        Raises:
            Conflict: The claim has been taken over; the transaction must not commit.
        """
        await background.stop(self._renewing)  # it would wait for the row until the commit
        await repository.keep(self._claim, answer)
        self.is_kept = True

    async def end(self) -> None:
        """Let go of the claim; an answer stays if what it was kept in has been committed."""
        await background.stop(self._renewing)
        with suppress(Unavailable):  # the lease ends by itself
            await repository.release(self._claim)


async def _renew(claim: Claim) -> None:
    while True:
        await asyncio.sleep(RENEW_INTERVAL)
        with suppress(Unavailable):
            await repository.renew(claim)


@asynccontextmanager
async def held(claim: Claim) -> AsyncIterator[Hold]:
    """Hold a claim inside, and let go of it where no answer is kept or an error leaves."""
    hold = Hold(claim)
    try:
        yield hold
    except BaseException:
        await hold.end()
        raise
    if not hold.is_kept:
        await hold.end()
