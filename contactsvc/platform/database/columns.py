"""Column types that Tortoise does not bring."""

from enum import StrEnum
from typing import Any, TypeVar

from tortoise import fields
from tortoise.fields import data
from tortoise.fields.base import Field

Member = TypeVar("Member", bound=StrEnum)


class CharEnumFieldInstance(data.CharEnumFieldInstance):
    """Reads unknown members as text. Aerich compares columns by the name of their class."""

    def to_python_value(self, value: str | None) -> Any:
        """Return the member, or the text itself where this release has no such member."""
        try:
            return super().to_python_value(value)
        except ValueError:
            return value


def open_enum_field(enum_type: type[Member], max_length: int, description: str) -> Field[Member]:
    """Return a column of an enum that grows; a later release may have written new members.

    It may run beside this one, or before it where somebody went back. Rows of its members must
    still be listed, so they are read as plain text.

    Args:
        enum_type: The members that may be written.
        max_length: Characters of the longest member, and of those to come.
        description: The comment on the column in PostgreSQL.
    """
    return CharEnumFieldInstance(enum_type, description, max_length)


class SearchKeyField(fields.CharField[str]):
    """Normalised text that is compared byte by byte, so that pages sort alike on every server."""

    @property
    def SQL_TYPE(self) -> str:  # type: ignore[override]  # noqa: N802 - Tortoise's name
        """The column's type in the database."""
        return f'VARCHAR({self.max_length}) COLLATE "C"'


class SearchTextField(fields.TextField):
    """Text of any length that is compared byte by byte: faster, and alike on every server."""

    SQL_TYPE = 'TEXT COLLATE "C"'


class SortKeyField(fields.BinaryField[bytes]):
    """A sort key by the Unicode Collation Algorithm, which is compared byte by byte."""

    SQL_TYPE = "BYTEA"
