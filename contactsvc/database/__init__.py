"""PostgreSQL: the connection pool, the migrations, and the embedded server."""

from contactsvc.database.connection import database
from contactsvc.database.embedded import database_url

__all__ = ["database", "database_url"]
