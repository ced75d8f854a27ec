from typing import Any

import pytest

from contactsvc.contacts.transfer.csv.columns import columns
from contactsvc.contacts.transfer.csv.records import Record
from contactsvc.contacts.transfer.csv.rows import LINES_LEFT_OUT, MORE_CELLS, NO_DATE, NO_MORE, Rows
from contactsvc.contacts.transfer.csv.targets import given
from contactsvc.contacts.transfer.records import Read, ReadContact, Remark, Unreadable


def read(header: str, *cells: str, is_day_first: bool | None = None) -> Read | None:
    rows = Rows(columns(header.split(","), {}), is_day_first)
    return rows.contact(Record(5, list(cells)))


def contact(header: str, *cells: str) -> ReadContact:
    found = read(header, *cells)
    assert isinstance(found, ReadContact)
    return found


def custom(**values: str) -> list[dict[str, Any]]:
    return [{"label": label.replace("_", " "), "value": value} for label, value in values.items()]


def test_an_empty_cell_is_no_field() -> None:
    assert contact("First Name,Last Name,Notes,E-mail Address", "Eve", "", " ").fields == {
        "first_name": "Eve"
    }


def test_an_empty_cell_of_an_own_file_empties_its_field() -> None:
    fields = contact("uid,first_name,birthday,favorite,tags,email_1,more_json", "", "Eve").fields

    assert fields == {
        "first_name": "Eve",
        "birthday": None,
        "favorite": False,
        "tags": [],
        "emails": [],
    }


def test_the_empty_values_of_contacts_are_not_shared() -> None:
    rows = Rows(columns(["first_name", "tags", "more_json"], {}), None)
    first, second = (rows.contact(Record(1, ["Eve"])) for _ in range(2))

    assert isinstance(first, ReadContact)
    assert isinstance(second, ReadContact)
    assert first.fields["tags"] is not second.fields["tags"]


@pytest.mark.parametrize("cells", [["", ""], ["  ", "\n"], ["", "0/0/00"]])
def test_a_row_that_says_nothing_is_none(cells: list[str]) -> None:
    assert read("Name,Birthday", *cells) is None


def test_a_row_that_cannot_be_read_says_why() -> None:
    rows = Rows(columns(["Name"], {}), None)

    assert rows.contact(Record(7, [], "Too long.")) == Unreadable(Remark(7, "", "Too long."))


def test_more_cells_than_the_header_has_are_remarked() -> None:
    assert contact("Name", "Eve", "x").remarks == [Remark(5, "", MORE_CELLS)]
    assert contact("Name", "Eve", "", " ").remarks == []


def test_the_preferred_entry_is_the_first() -> None:
    header = "Name,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value"
    fields = contact(header, "Eve", "Home", "a@x.example", "* Work", "b@x.example").fields

    assert [entry["value"] for entry in fields["emails"]] == ["b@x.example", "a@x.example"]


def test_a_second_value_of_a_field_is_kept() -> None:
    found = contact("First Name,Given Name,Notes,Comments", "Eve", "Eva", "a", "b")

    assert found.fields == {
        "first_name": "Eve",
        "notes": "a\nb",
        "custom": custom(Given_Name="Eva"),
    }


def test_a_second_value_of_a_part_is_kept() -> None:
    fields = contact("Name,Home City,City (home),Home City", "Eve", "Aba", "", "Abo").fields

    assert fields["addresses"][0]["city"] == "Aba"
    assert fields["custom"] == custom(Home_City="Abo")


def test_a_display_name_is_kept_where_it_says_more() -> None:
    header = "First Name,Last Name,Display Name"

    assert "custom" not in contact(header, "Ravi", "Menon", "Menon, Ravi").fields
    fields = contact(header, "Ravi", "Menon", "Ravi (work)").fields
    assert fields["custom"] == custom(Display_Name="Ravi (work)")


def test_a_display_name_alone_is_the_name() -> None:
    fields = contact("First Name,Last Name,Display Name,Nickname", "", "", "Ravi Menon").fields
    assert fields == {"first_name": "Ravi", "last_name": "Menon"}

    company = contact("Name,Organization 1 - Name", "Harbour Bakery", "Harbour Bakery").fields
    assert company == {"organization": "Harbour Bakery"}


def test_a_second_display_name_is_kept() -> None:
    fields = contact("Name,File As", "Eve Ng", "Boss").fields

    assert fields["custom"] == custom(File_As="Boss")


def test_what_is_no_date_is_kept_and_remarked() -> None:
    found = contact("Name,Birthday,Anniversary", "Eve Ng", "in May", "31.2.2000")

    assert found.fields["custom"] == custom(Anniversary="31.2.2000", Birthday="in May")
    assert found.remarks == [Remark(5, "/birthday", NO_DATE), Remark(5, "/dates", NO_DATE)]


def test_parts_of_a_birthday_that_are_no_date_are_kept_and_remarked() -> None:
    found = contact("Name,Birth Year,Birth Month,Birth Day", "Eve", "1990", "", "")

    assert found.fields["custom"] == custom(Birthday="1990")
    assert found.remarks == [Remark(5, "/birthday", NO_DATE)]


def test_a_doubtful_date_is_remarked() -> None:
    (english,) = contact("Name,Birthday", "Eve", "2/1/1990").remarks
    (german,) = contact("Vorname,Geburtstag", "Eve", "2/1/1990").remarks

    assert (english.pointer, english.detail.split(":")[0]) == ("/birthday", "Read as 1990-02-01")
    assert german.detail.startswith("Read as 1990-01-02")
    told = read("Name,Birthday", "Eve", "2/1/1990", is_day_first=True)
    assert isinstance(told, ReadContact)
    assert told.remarks == []
    assert told.fields["birthday"] == "1990-01-02"


@pytest.mark.parametrize(
    ("text", "is_favorite"),
    [("true", True), ("x", True), ("WAHR", True), ("1", True), ("FALSE", False), ("Nein", False)],
)
def test_a_favorite_is_what_is_not_denied(text: str, is_favorite: bool) -> None:
    assert contact("Name,Favorite", "Eve", text).fields["favorite"] is is_favorite


def test_tags_of_several_columns_are_united() -> None:
    fields = contact("Name,Labels,Categories", "Eve", "a ::: b ::: * starred", "b;c").fields

    assert fields["tags"] == ["a", "b", "c"]
    assert fields["favorite"] is True


def test_a_column_that_is_ignored_says_nothing() -> None:
    rows = Rows(columns(["Name", "Tier"], given({"Tier": "ignore"})), None)

    assert rows.contact(Record(1, ["Eve", "x"])) == ReadContact(
        1, {"first_name": "Eve"}, remarks=[]
    )


def test_the_rest_follows_the_columns_of_an_own_file() -> None:
    header = "first_name,notes,email_1,more_json"
    more = '{"notes": "a", "emails": [{"value": "b@x.example"}], "extra": ["X-A:b"]}'
    found = contact(header, "Eve", "", "a@x.example", more)

    assert found.fields["notes"] == "a"
    assert [entry["value"] for entry in found.fields["emails"]] == ["a@x.example", "b@x.example"]
    assert found.extra == ["X-A:b"]


def test_a_rest_that_no_export_has_is_remarked() -> None:
    assert contact("first_name,more_json", "Eve", "x").remarks == [Remark(5, "", NO_MORE)]


def test_lines_for_which_a_file_had_no_room_are_told() -> None:
    read = contact("first_name,more_json", "Eve", '{"extra":["X-A:1"],"left_out":3}')
    assert (read.extra, read.remarks) == (["X-A:1"], [Remark(5, "", LINES_LEFT_OUT.format(3))])
