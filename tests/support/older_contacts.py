"""The release that knew one e-mail and one phone: the way back to it, and what it sends."""

from pathlib import Path

from contactsvc.platform.database import migrations

ROOT = Path(__file__).parents[2]
COLUMNS = 11
"""The number of the migration that adds the columns; the next one makes the indexes."""


def names(first: int) -> list[str]:
    """Return the names of all migrations from a number on."""
    found = (path.name for path in (ROOT / "migrations" / "models").glob("[0-9]*.py"))
    numbered = sorted((int(name.partition("_")[0]), name) for name in found)
    return [name for number, name in numbered if number >= first]


NEW = names(COLUMNS)
ADD = (
    "INSERT INTO contacts (owner_id, first_name, last_name, email, phone, phone_value, phone_e164,"
    " phone_key, birthday, birthday_md, notes, first_name_key, last_name_key, email_key,"
    " first_name_sort, last_name_sort, keys_version, version, created_at, updated_at)"
    " SELECT $1, 'Ada ' || n, 'Lovelace', 'ada@example.com', '+442079460958', '020 7946 0958',"
    " '+442079460958', '020 7946 0958', '1815-12-10', 1210, 'x', 'ada ' || n, 'lovelace',"
    " 'ada@example.com', 'a', 'l', 1, 1, now(), now() FROM generate_series(1, $2) AS n"
)
"""What that release sends to add contacts."""
OLDER = "id, first_name, last_name, email, phone, phone_value, phone_e164, birthday, notes, version"


async def back(url: str, steps: int = 1) -> list[str]:
    """Take the newest migrations back."""
    async with migrations._aerich(url) as aerich:
        return [
            name for _ in range(steps) for name in await aerich.downgrade(version=-1, delete=False)
        ]
