"""PostgreSQL: the connection pool, the migrations, and the embedded server."""

from contactsvc.platform.database.connection import database
from contactsvc.platform.database.embedded import database_url

__all__ = ["database", "database_url"]
