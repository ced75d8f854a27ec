import pytest

from contactsvc.contacts.transfer.csv.labels import Kind, groups, kind


@pytest.mark.parametrize(
    ("text", "field", "expected"),
    [
        ("Work", "emails", Kind("work", "")),
        ("* Work", "emails", Kind("work", "", is_preferred=True)),
        ("*", "emails", Kind(None, "", is_preferred=True)),
        ("* ", "phones", Kind(None, "", is_preferred=True)),
        ("Mobile", "phones", Kind("mobile", "")),
        ("Mobile", "emails", Kind(None, "Mobile")),
        ("Work Fax", "phones", Kind("fax", "Work")),
        ("Chess club", "emails", Kind(None, "Chess club")),
        ("SMTP", "emails", Kind(None, "")),
        ("Main", "phones", Kind(None, "Main")),
        ("Geschäftlich", "phones", Kind("work", "")),
        ("", "urls", Kind(None, "")),
    ],
)
def test_a_label_is_a_type_where_it_is_the_name_of_one(
    text: str, field: str, expected: Kind
) -> None:
    assert kind(text, field) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("* myContacts", ([], False)),
        ("* My Contacts ::: Suppliers ::: * starred", (["Suppliers"], True)),
        ("* Starred ::: * Friends", (["Friends"], True)),
        ("starred", (["starred"], False)),
        ("Friends;Open source", (["Friends", "Open source"], False)),
        ("a, b;; c", (["a", "b", "c"], False)),
        ("a, b ::: c; d", (["a, b", "c; d"], False)),
        (" ::: ", ([], False)),
    ],
)
def test_groups_are_tags_but_those_that_google_makes(
    text: str, expected: tuple[list[str], bool]
) -> None:
    assert groups(text, is_own=False) == expected


def test_groups_of_an_own_file_are_literal() -> None:
    assert groups("* starred ::: a, b", is_own=True) == (["* starred", "a, b"], False)
