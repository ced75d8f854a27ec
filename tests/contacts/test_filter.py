"""A query's words, and the rows that have them all."""

import pytest

from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository

LONDON = {"first_name": "Ada", "phone": "+44 20 7946 0958"}

FINDS: list[tuple[str, bool]] = [
    *((text, True) for text in ("+44 20-7946-0958", "020 7946 0958", "7946-0958", "79460958")),
    *((text, True) for text in ("0044 20 7946 0958", "+442079460958", "+44 (0)20 7946.0958")),
    *((text, True) for text in ("+44(0)2079460958", "(020) 7946 - 0958", "011 44 20 7946 0958")),
    *((text, True) for text in ("tel:+442079460958", "\u202a7946\u202f0958\u202c", "\uff17\uff19")),
    *((text, True) for text in ("\u0667\u0669\u0664\u0666", "0958 ada", "ada 020 7946", "+4420")),
    *(
        (text, False)
        for text in ("7946 0959", "0958 bob", "ada 1", "+44 7946x", "- ada", "+ 44 21")
    ),
]


async def test_numbers_are_found_however_they_are_punctuated(
    owner: int, subtests: pytest.Subtests
) -> None:
    contacts = ContactRepository(owner, "US")
    await contacts.create(LONDON)
    for text, hit in FINDS:
        with subtests.test(text=text):
            wanted = ContactFilter(text)
            assert await contacts.count(wanted) == hit
            assert len((await contacts.page(wanted, "last_name", 1)).rows) == hit


async def test_digits_and_hyphens_of_a_name_are_found_too(owner: int) -> None:
    contacts = ContactRepository(owner)
    await contacts.create({"first_name": "Agent 007", "last_name": "M-7 - x"})
    for text in ("007", "m-7 007", "agent 7", "-", "m-7"):
        assert await contacts.count(ContactFilter(text)) == 1, text
    assert await contacts.count(ContactFilter("00-7")) == 0
