"""How the service and the parts it stands on are doing."""

from contactsvc.cache.current_user import CurrentUserCache
from contactsvc.database import migrations
from contactsvc.errors import Unavailable


async def check(cache: CurrentUserCache) -> dict[str, str]:
    """Return the state of each part: ``ok``, or what is wrong with it.

    Raises:
        Unavailable: PostgreSQL is away, or migrations are due.
    """
    checks = {
        "database": "ok",
        "migrations": "ok",
        "cache": "away" if await cache.is_away() else "ok",
        "mail": "ok",
    }
    try:
        due = migrations.available() - await migrations.applied()
    except Unavailable as error:
        checks |= {"database": "away", "migrations": "unknown"}
        raise Unavailable("PostgreSQL does not answer.", checks) from error
    if due:
        checks["migrations"] = "due"
        raise Unavailable("Migrations are due: run 'contactsvc migrate'.", checks)
    return checks
