from collections import defaultdict

import pytest

from contactsvc.contacts.transfer.csv.headers import (
    LANGUAGES,
    is_known,
    key,
    language,
    meaning,
)
from contactsvc.contacts.transfer.csv.languages import NAMES

ENGLISH, GERMAN, *_ = LANGUAGES


@pytest.mark.parametrize(
    "name", ["First Name", " first_name ", "FIRST\u00a0NAME", "\ufefffirst-name", "Fírst Name:"]
)
def test_case_spaces_accents_and_punctuation_do_not_count(name: str) -> None:
    assert key(name) == "firstname"


def test_a_name_of_any_length_is_looked_at_quickly() -> None:
    assert len(key("ß" * 10_000_000)) <= 2 * 200


@pytest.mark.parametrize(
    ("names", "name"),
    [
        (["First Name", "Last Name", "Notes"], "English"),
        (["Vorname", "Nachname", "Notes"], "German"),
        (["Prénom", "Nom", "Notes"], "French"),
        (["Nombre", "Apellidos", "Notes"], "Spanish"),
        (["Nome", "Cognome", "Notes"], "Italian"),
        (["Имя", "Фамилия", "Notes"], "Russian"),
        (["Ім'я", "Прізвище", "Notes"], "Ukrainian"),
        (["foo"], "English"),
        ([], "English"),
    ],
)
def test_the_language_is_the_one_that_has_the_most_names(names: list[str], name: str) -> None:
    assert language(names).name == name


def test_the_language_of_the_file_is_asked_first() -> None:
    assert str(meaning("Titel", GERMAN)) == "prefix"
    assert str(meaning("Nom", LANGUAGES[2])) == "last_name"
    assert str(meaning("Notes", GERMAN)) == "notes"
    assert str(meaning("Cognome", ENGLISH)) == "last_name"
    assert meaning("Lieblingsfarbe", GERMAN) is None


@pytest.mark.parametrize("name_of_language", NAMES)
def test_no_name_of_a_language_is_listed_for_two_targets(name_of_language: str) -> None:
    targets = defaultdict[str, set[str]](set)
    for target, names in NAMES[name_of_language].items():
        for name in names.split(" | "):
            targets[key(name)].add(target)

    assert {name: several for name, several in targets.items() if len(several) > 1} == {}


def test_is_known_in_any_language() -> None:
    assert is_known("Prénom")
    assert is_known("E-mail 3 - Value")
    assert not is_known("foo")
