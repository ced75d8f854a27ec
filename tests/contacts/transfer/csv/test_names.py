import pytest

from contactsvc.contacts.transfer.csv.names import is_said


@pytest.mark.parametrize(
    ("text", "is_redundant"),
    [
        ("Ravi Menon", True),
        ("MENON, Ravi", True),
        ("Dr. Ravi Menon", True),
        ("Menon & Co", True),
        ("ravi@menon.example", True),
        ("Ravi (work)", False),
        ("Ravi Menon Sr.", False),
    ],
)
def test_a_name_that_other_fields_say_is_redundant(text: str, is_redundant: bool) -> None:
    fields = {
        "prefix": "Dr.",
        "first_name": "Ravi",
        "last_name": "Menon",
        "organization": "Menon & Co",
    }

    assert is_said(text, fields, {"ravi@menon.example"}) is is_redundant


def test_no_name_is_said_where_there_is_none() -> None:
    assert not is_said("Ravi", {}, set())
