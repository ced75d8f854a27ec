"""The orders of contacts: of the list, and of birthdays. Each is an index of the table."""

from dataclasses import dataclass
from typing import Final

from tortoise.expressions import Q

from contactsvc.platform.database.keysets import Keyset

SORTS: Final[dict[str, tuple[str, ...]]] = {
    # The id comes last, so that no two rows have the same position.
    "last_name": ("last_name_sort", "id"),
    "first_name": ("first_name_sort", "id"),
    "created_at": ("created_at", "id"),
    "updated_at": ("updated_at", "id"),
}
"""The columns of each order by its name; each is an index of the table."""

BY_BIRTHDAY: Final = Keyset(("birthday_md", "last_name_sort", "id"))
"""The order of birthdays; an index of the table, too."""

ORDERS: Final = {
    sign + name: Keyset(columns, descending=bool(sign))
    for name, columns in SORTS.items()
    for sign in ("", "-")
}
"""Each order of the list by its name."""


@dataclass(frozen=True)
class MonthDays:
    """A range of birthdays within a year, both ends included, each as month times 100 plus day.

    Args:
        low: The first month and day.
        high: The last month and day.
        is_one_day: Whether all are celebrated on the same day, so that only names order them.
    """

    low: int
    high: int
    is_one_day: bool = False

    def condition(self) -> Q:
        """Return the condition of a query."""
        if self.low == self.high:  # equality, so that the index yields one day's by name
            return Q(birthday_md=self.low)
        return Q(birthday_md__gte=self.low, birthday_md__lte=self.high)
