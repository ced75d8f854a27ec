"""Whether the database can be used at all, told before a request has to find out."""

from tortoise.connection import get_connection

from contactsvc.platform.database import migration_state
from contactsvc.platform.database.client import ServiceClient
from contactsvc.platform.database.faults import READ_ONLY
from contactsvc.platform.errors import MigrationsDue, Misconfigured


async def examine() -> None:
    """Look at the database that models use.

    Raises:
        Misconfigured: It cannot be used as it is set up.
        MigrationsDue: It is not up to date.
        Unavailable: It is away.
    """
    due = migration_state.available() - await migration_state.applied()
    client = get_connection("default")
    if isinstance(client, ServiceClient) and (detail := await client.pooler.fault()):
        raise Misconfigured(detail)
    _, rows = await client.execute_query("SHOW transaction_read_only")
    if rows[0]["transaction_read_only"] == "on":
        raise Misconfigured(READ_ONLY)
    if due:
        raise MigrationsDue
