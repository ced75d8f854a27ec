"""Statements that end before their rows are too much for memory."""

from typing import Final

MAX_BYTES: Final = 2 * 1024 * 1024
"""Bytes of rows after which a statement ends. As text they take up to four times as much, and once
more when they are read as JSON."""

_SMALL: Final = 20_000
"""Bytes as they are stored of a row that is measured. To measure it is to unpack it, which takes a
millisecond of one that has become 90 times as small; of larger ones each comes alone."""


def bounded(statement: str, column: str, by: str) -> str:
    """Return a statement that gives the first rows of another one: one at least, if there are any.

    The next ones come by asking again for those after the last; whoever gets none has all.

    Args:
        statement: A SELECT without columns called ``bytes_of_row`` and ``bytes_before``.
        column: The column of it that may be large, of JSON.
        by: The columns of it that the rows are ordered by.
    """
    stored = f"coalesce(pg_column_size({column}), 0)"
    read = f"coalesce(octet_length({column}::text), 0)"
    size = f"CASE WHEN {stored} < {_SMALL} THEN {read} ELSE {MAX_BYTES} END AS bytes_of_row"
    sized = f"SELECT *, {size} FROM ({statement}) AS found"  # noqa: S608 - our own names
    before = f"sum(bytes_of_row) OVER (ORDER BY {by}) - bytes_of_row AS bytes_before"
    return (
        f"SELECT * FROM (SELECT *, {before} FROM ({sized}) AS sized) AS counted"  # noqa: S608 - our own names
        f" WHERE bytes_before < {MAX_BYTES} ORDER BY {by}"
    )
