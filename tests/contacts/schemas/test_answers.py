"""What clients are answered of a contact, as the document describes it."""

from contactsvc.contacts.details import LISTS
from contactsvc.contacts.rows import PUBLIC
from contactsvc.contacts.schemas.answers import ContactAnswer


def test_an_answer_has_the_columns_that_clients_see_and_the_lists() -> None:
    columns = {"book_id", "photo_url", *LISTS, *PUBLIC} - {"photo", "details"}
    assert ContactAnswer().fields.keys() == columns
