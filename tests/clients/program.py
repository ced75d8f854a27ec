"""What can be done with every CardDAV program."""

from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Protocol


class Program(Protocol):
    """A program with one address book."""

    async def set_up(self, url: str, user: str, password: str) -> None:
        """Find the account's address book at the service's URL, as its user would, and fetch it."""

    async def sync(self) -> None:
        """Fetch what is new, or at least begin to."""

    async def cards(self) -> list[str]:
        """Return the vCards that it has."""

    async def add(self, uid: str, card: str) -> None:
        """Add a card and send it."""

    async def change(self, uid: str, old: str, new: str) -> None:
        """Change a text in the card that it has, and send it."""

    async def delete(self, uid: str) -> None:
        """Delete a card, there as well."""


Start = Callable[[Path], AbstractAsyncContextManager[Program]]
"""Starts a program that keeps its files in a folder; it ends with the block."""


async def card_of(program: Program, uid: str) -> str | None:
    """Return the card of a uid, unfolded; None where the program has none."""
    for card in await program.cards():
        lines = unfolded(card)
        if f"UID:{uid}" in lines.splitlines():
            return lines
    return None


def unfolded(card: str) -> str:
    """Return a card with each content line in one (RFC 6350, 3.2)."""
    return card.replace("\r\n", "\n").replace("\n ", "").replace("\n\t", "")
