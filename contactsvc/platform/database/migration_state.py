"""Which migrations there are, and which the database has seen; without Aerich, which few need."""

import functools
from pathlib import Path
from typing import Final

from tortoise.connection import get_connection
from tortoise.exceptions import OperationalError

from contactsvc.platform.database.connection import APP

_PACKAGE: Final = Path(__file__).parents[2]
LOCATION: Final = next(
    # In a wheel the migrations lie in the package, in a checkout beside it.
    folder
    for folder in (_PACKAGE / "migrations", _PACKAGE.parent / "migrations")
    if (folder / APP).is_dir()
)


async def applied() -> set[str]:
    """Return the migrations that the database has seen."""
    try:
        _, rows = await get_connection("default").execute_query(
            "SELECT version FROM aerich WHERE app = $1", [APP]
        )
    except OperationalError:  # no table yet: nothing has ever run
        return set()
    return {row["version"] for row in rows}


@functools.cache
def available() -> frozenset[str]:
    """Return the migrations that this version of the service brings."""
    return frozenset(path.name for path in (LOCATION / APP).glob("[0-9]*_*.py"))
