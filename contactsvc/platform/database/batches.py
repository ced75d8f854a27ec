"""Removing many rows a few at a time: locks are short, no statement runs out of time."""

from typing import Final

from tortoise.models import MODEL
from tortoise.queryset import QuerySet

BATCH: Final = 1000
"""Rows that one statement removes at the most."""


async def delete_some(rows: QuerySet[MODEL]) -> int:
    """Delete up to BATCH of these rows, whose key is ``id``, and return how many there were."""
    ids = await rows.limit(BATCH).values_list("id", flat=True)
    # Asked once more, for somebody may have changed them meanwhile.
    return await rows.filter(id__in=ids).delete() if ids else 0
