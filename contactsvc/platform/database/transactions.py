"""Several repositories' writes as one: all of them happen, or none."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tortoise.transactions import in_transaction


@asynccontextmanager
async def transaction() -> AsyncIterator[None]:
    """Commit what is written inside, or nothing where an error leaves it.

    Inside another transaction it is a savepoint: an error takes back this part alone.
    """
    async with in_transaction():
        yield
