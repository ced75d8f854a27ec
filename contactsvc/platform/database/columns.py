"""Column types that Tortoise does not bring."""

from tortoise import fields


class SearchKeyField(fields.CharField[str]):
    """Normalised text that is compared byte by byte, so that pages sort alike on every server."""

    @property
    def SQL_TYPE(self) -> str:  # type: ignore[override]  # noqa: N802 - Tortoise's name
        """The column's type in the database."""
        return f'VARCHAR({self.max_length}) COLLATE "C"'


class SortKeyField(fields.BinaryField[bytes]):
    """A sort key by the Unicode Collation Algorithm, which is compared byte by byte."""

    SQL_TYPE = "BYTEA"
