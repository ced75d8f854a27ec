"""What the tests through HTTP share."""

from typing import Any

import pytest

from tests.conftest import Person

ADA: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "Lovelace",
    "email": "ada@example.com",
    "phone": "+442079460958",
    "birthday": "1815-12-10",
    "notes": "Wrote the first program.",
}


@pytest.fixture
async def ada(grace: Person) -> Person:
    """Somebody with one contact, whose id is 1 and whose every field is set."""
    await grace.add_contact(**ADA)
    return grace
