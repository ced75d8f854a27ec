"""Waiting for a program: some of them only begin to fetch what is new."""

import asyncio
from collections.abc import Callable

from tests.clients.program import Program, card_of
from tests.support.waiting import PATIENCE

_PAUSE = 0.1
_TRIES = 20


async def has(program: Program, uid: str, *texts: str) -> str:
    """Let a program sync until its card of a uid has the texts, and return the card."""

    def wanted(card: str | None) -> bool:
        return card is not None and all(text in card for text in texts)

    card = await _until(program, uid, wanted)
    assert card is not None
    return card


async def lacks(program: Program, uid: str) -> None:
    """Let a program sync until it has no card of a uid."""
    await _until(program, uid, lambda card: card is None)


async def _until(program: Program, uid: str, wanted: Callable[[str | None], bool]) -> str | None:
    """Sync and look, again and again: a sync that was under way may have come too early."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await program.sync()
            for _ in range(_TRIES):
                card = await card_of(program, uid)
                if wanted(card):
                    return card
                await asyncio.sleep(_PAUSE)  # no program tells when it has written a card down
