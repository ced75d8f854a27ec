from typing import Any

import pytest

from contactsvc.contacts.details import ADDRESS
from contactsvc.contacts.transfer.csv.entries import Cells, Entry, entries
from contactsvc.contacts.transfer.csv.targets import Target, parsed


def read(target: str, is_own: bool = False, name: str = "", **parts: str) -> list[Entry]:
    return list(entries(Cells(parsed(target), name, parts), is_own=is_own))


def address(**parts: str) -> dict[str, Any]:
    return dict.fromkeys(ADDRESS, "") | {"type": None, "label": ""} | parts


def test_an_entry_has_the_type_and_label_of_its_column() -> None:
    (entry,) = read("phones.work.Desk", value="1")

    assert entry == Entry("phones", {"value": "1", "type": "work", "label": "Desk"})


def test_an_entry_has_the_type_that_a_cell_beside_it_says() -> None:
    (entry,) = read("phones", value="1", kind="* Mobile")

    assert entry == Entry("phones", {"value": "1", "type": "mobile", "label": ""}, True)


def test_type_and_label_in_cells_of_their_own_are_literal() -> None:
    (entry,) = read("emails", value="a@b.example", type="home", label="* Work")

    assert entry.value == {"value": "a@b.example", "type": "home", "label": "* Work"}


@pytest.mark.parametrize("field", ["dates", "relations", "custom"])
def test_entries_without_types_have_labels(field: str) -> None:
    (entry,) = read(field, value="x", kind="* Work")

    assert entry.value == {"value": "x", "label": "Work"}


def test_a_custom_field_without_a_label_has_that_of_its_column() -> None:
    (entry,) = read("custom", name=" Custom 1 ", value="x")

    assert entry.value == {"value": "x", "label": "Custom 1"}


def test_a_label_without_a_value_is_no_entry() -> None:
    assert read("phones", kind="Mobile") == []
    assert read("addresses.city", kind="Home") == []


def test_joined_values_are_entries_of_one_type() -> None:
    found = read("emails", value="a@x.example ::: b@x.example", kind="Work ::: x")

    assert [entry.value["value"] for entry in found] == ["a@x.example", "b@x.example"]
    assert {entry.value["label"] for entry in found} == {"Work ::: x"}


def test_joined_addresses_are_taken_apart_together() -> None:
    found = read("addresses.city", street="A 1 ::: B 2", city="Aba ::: ", country=" ::: NG")

    assert [entry.value for entry in found] == [
        address(street="A 1", city="Aba"),
        address(street="B 2", country="NG"),
    ]


def test_values_of_an_own_file_are_not_taken_apart() -> None:
    (entry,) = read("urls", is_own=True, value="a ::: b")

    assert entry.value["value"] == "a ::: b"


def test_the_lines_of_a_street_are_one_part() -> None:
    (entry,) = read("addresses.work.city", street_2="b", street="a", formatted="a, b, c")

    assert entry.value == address(street="a\nb", type="work") | {"type": "work"}


def test_an_address_in_one_piece_is_its_street_where_it_has_no_parts() -> None:
    (entry,) = read("addresses.home.city", formatted="5 Mill Rd\nAba")

    assert entry.value == address(street="5 Mill Rd\nAba", type="home")


def test_a_target_without_a_type_has_none() -> None:
    (entry,) = entries(Cells(Target("urls"), "", {"value": "x"}), is_own=False)

    assert entry.value["type"] is None
