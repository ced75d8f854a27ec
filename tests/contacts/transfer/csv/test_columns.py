import pytest

from contactsvc.contacts.transfer.csv.columns import MAX_COLUMNS, Columns, columns
from contactsvc.contacts.transfer.csv.targets import Target, given
from contactsvc.platform.errors import MalformedBody, ValidationFailed


def of(header: str, **mapping: str) -> Columns:
    return columns(header.split(","), given(mapping))


def targets(header: str, **mapping: str) -> list[str]:
    return [str(column.target) for column in of(header, **mapping).columns]


def parts(header: str) -> list[str]:
    return [column.target.part for column in of(header).columns]


def test_an_unknown_column_is_a_custom_field_with_its_name_as_label() -> None:
    found = of("First Name, Lucky Number ").columns[1]

    assert found == (" Lucky Number ", Target("custom", label="Lucky Number"))


def test_a_title_is_a_form_of_address_where_another_column_is_a_job() -> None:
    assert targets("First Name,Title,Job Title") == ["first_name", "prefix", "title"]
    assert targets("First Name,Title") == ["first_name", "title"]
    assert targets("prefix,first_name,title") == ["prefix", "first_name", "title"]
    assert targets("Titre,Prénom,Nom,Titre") == ["prefix", "first_name", "last_name", "title"]
    assert targets("Titre,Prénom,Nom") == ["title", "first_name", "last_name"]


def test_a_name_is_the_last_name_beside_a_first_name_alone() -> None:
    assert targets("Vorname,Name") == ["first_name", "last_name"]
    assert targets("Vorname,Nachname,Name") == ["first_name", "last_name", "name"]
    assert targets("Name,E-mail") == ["name", "emails"]
    assert targets("First Name,Display Name") == ["first_name", "name"]


def test_a_birthday_is_a_day_of_the_month_where_others_are_month_and_year() -> None:
    german = "Vorname,Nachname,Geburtsjahr,Geburtsmonat,Geburtstag"

    assert targets(german)[2:] == ["birthday.year", "birthday.month", "birthday.day"]
    assert targets("Vorname,Geburtstag")[1] == "birthday"


def test_an_address_is_a_street_where_no_other_column_is() -> None:
    assert parts("Name,Home Address,Home City")[1:] == ["street", "city"]
    assert parts("Name,Home Address,Home Street,Home City")[1:] == ["formatted", "street", "city"]


def test_a_type_or_label_alone_is_either() -> None:
    assert parts("Name,Phone 1 - Type,Phone 1 - Value")[1] == "kind"
    assert parts("Name,Event 1 - Label,Event 1 - Value")[1] == "kind"
    assert parts("Name,phone_1_type,phone_1_label,phone_1")[1:3] == ["type", "label"]


def test_a_file_of_ours_has_a_column_that_no_other_has() -> None:
    own = of("first_name,date_1,date_1_label,more_json")

    assert own.is_own
    assert own.columns[2].target.part == "label"
    assert not of("first_name,last_name").is_own


def test_what_the_caller_says_comes_first() -> None:
    mapping = {"Notes": "custom.Old notes", "first name": "nickname", "Tier": "ignore"}
    found = columns(["First Name", "Notes", "Tier"], given(mapping))

    assert [str(c.target) for c in found.columns] == ["nickname", "custom.Old notes", "ignore"]


def test_a_mapping_may_name_what_no_column_does() -> None:
    assert targets("foo,bar", foo="name", bar="emails.work") == ["name", "emails.work"]


def test_a_mapping_of_a_missing_column_is_refused() -> None:
    with pytest.raises(ValidationFailed) as failed:
        of("First Name", Nome="name")

    assert failed.value.errors == [("/map", "The file has no column 'Nome'.")]


@pytest.mark.parametrize("header", ["", "BEGIN:VCARD", "PK\x03\x04", "foo,bar", "Birthday,Notes"])
def test_a_file_without_a_column_to_call_anybody_by_is_no_address_book(header: str) -> None:
    with pytest.raises(MalformedBody, match="no CSV of contacts"):
        of(header)


def test_more_columns_than_any_program_writes_are_refused() -> None:
    columns(["Name"] * MAX_COLUMNS, {})

    with pytest.raises(MalformedBody, match="columns"):
        columns(["Name"] * (MAX_COLUMNS + 1), {})
