"""The interface by which accounts ask other parts of the service what a user has there."""

from collections.abc import Collection
from typing import Protocol


class Belongings(Protocol):
    """Data of users outside of accounts; the assembly passes the implementation."""

    async def lock(self, user_id: int, /) -> None:
        """Lock what a user has until the transaction around this ends."""

    async def owners_among(self, user_ids: Collection[int], /) -> set[int]:
        """Return the ids of those users who have anything."""
