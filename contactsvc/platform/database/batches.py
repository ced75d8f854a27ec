"""Removing many rows a few at a time: locks are short, no statement runs out of time."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from tortoise.models import MODEL
from tortoise.queryset import QuerySet

BATCH: Final = 1000
"""Rows that one statement removes at the most."""


async def delete_some(rows: QuerySet[MODEL]) -> int:
    """Delete up to BATCH of these rows, whose key is ``id``, and return how many there were."""
    ids = await rows.limit(BATCH).values_list("id", flat=True)
    # Asked once more, for somebody may have changed them meanwhile.
    return await rows.filter(id__in=ids).delete() if ids else 0


def by_owner(rows: Iterable[tuple[Any, ...]]) -> Mapping[int, list[tuple[Any, ...]]]:
    """Return rows that begin with their owner, without it, by owners in the order of their ids."""
    groups: dict[int, list[tuple[Any, ...]]] = {}
    for owner_id, *key in sorted(rows):
        groups.setdefault(owner_id, []).append(tuple(key))
    return groups
