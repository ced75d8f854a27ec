"""What the parts of the service above accounts keep for them, as far as accounts must know."""

from collections.abc import Collection
from typing import Protocol


class Belongings(Protocol):
    """Asked before an account is deleted; the assembly says who answers."""

    async def lock(self, user_id: int, /) -> None:
        """Wait for whoever changes what a user has, until the transaction around this ends."""

    async def owners_among(self, user_ids: Collection[int], /) -> set[int]:
        """Return those of the users who have anything."""
