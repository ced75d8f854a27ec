import pytest

from contactsvc.contacts.transfer.names import names_in


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Ada Lovelace", ("Ada", "Lovelace", None)),
        ("Jean Bartik Jennings", ("Jean Bartik", "Jennings", None)),
        ("Anouk de Wit", ("Anouk", "de Wit", None)),
        ("Wit, Anouk", ("Anouk", "Wit", None)),
        ("Wit,Anouk", ("Anouk", "Wit", None)),
        ("de wit", ("de", "wit", None)),
        ("Ada, ", ("Ada,", None, None)),
        ("A, B, C", ("A, B,", "C", None)),
        ("Prince", ("Prince", None, None)),
        ("Martin Luther King Jr.", ("Martin Luther", "King", "Jr.")),
        ("Martin King, Ph.D.", ("Martin", "King", "Ph.D.")),
        ("John II", ("John", "II", None)),
        (", Jr.", (",", "Jr.", None)),
        (" ", (None, None, None)),
    ],
)
def test_a_name_in_one_piece_has_names(text: str, names: tuple[str | None, ...]) -> None:
    found = names_in(text)
    assert (found.get("first_name"), found.get("last_name"), found.get("suffix")) == names
