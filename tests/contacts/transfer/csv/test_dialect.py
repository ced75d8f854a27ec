import pytest

from contactsvc.contacts.transfer.csv.dialect import declared_delimiter, sniffed_delimiter

KNOWN = {"Name", "Ort", "Telefon", "First Name", "Straße; Ort"}


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("sep=;\n", ";"),
        ("SEP=,\n", ","),
        ('"sep=;"\n', ";"),
        ("sep=\t", "\t"),
        ("sep=;;;;\n", ";"),
        ("sep=x\n", None),
        ("Name;sep=;\n", None),
        ("Name,Ort\n", None),
    ],
)
def test_excel_names_the_delimiter_in_a_line_of_its_own(line: str, delimiter: str | None) -> None:
    assert declared_delimiter(line) == delimiter


@pytest.mark.parametrize(
    ("header", "delimiter"),
    [
        ("Name,Ort\n", ","),
        ("Name;Ort\n", ";"),
        ("Name\tOrt\n", "\t"),
        ("Name|Ort\n", "|"),
        ("Name\n", ","),
        ("\n", ","),
        ("Foo;Bar\n", ";"),
        ('"Name";"x, y, z, w"\n', ";"),
        ("Name;Ort (Stadt, Land, Fluss, See)\n", ";"),
        ('"Straße; Ort",Name\n', ","),
        ('"Name\n', ","),
    ],
)
def test_the_delimiter_is_the_one_that_gives_the_most_names(header: str, delimiter: str) -> None:
    assert sniffed_delimiter(header, KNOWN.__contains__) == delimiter


def test_a_header_that_cannot_be_read_has_no_names() -> None:
    assert sniffed_delimiter("x" * 200_000, KNOWN.__contains__) == ","


def test_of_names_without_end_the_first_ones_are_looked_at() -> None:
    asked: list[str] = []

    def is_known(name: str) -> bool:
        asked.append(name)
        return True

    assert sniffed_delimiter("a," * 100_000, is_known) == ","
    assert len(asked) < 10_000
