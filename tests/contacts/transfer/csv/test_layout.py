from contactsvc.contacts.details import LISTS
from contactsvc.contacts.rows import DEFAULTS
from contactsvc.contacts.transfer.csv.columns import MAX_COLUMNS, columns
from contactsvc.contacts.transfer.csv.layout import AFTER, BEFORE, ENTRIES, HEADER


def test_every_field_of_a_contact_has_a_column() -> None:
    assert {*BEFORE, *AFTER, *ENTRIES, "email", "phone"} == {*DEFAULTS, "uid"}
    assert tuple(ENTRIES) == LISTS


def test_every_column_is_read_as_what_it_is() -> None:
    found = columns(HEADER, {})

    assert found.is_own
    assert len(HEADER) < MAX_COLUMNS
    for name, target in found.columns:
        stem = name.split("_1")[0]
        plural = next((field for field, each in ENTRIES.items() if name.startswith(each[0])), "")
        expected = "more" if name.startswith("more") else plural or stem
        assert target.field == expected, name
        assert target.part in (name.removeprefix(f"{stem}_1_"), "value") or name[-1] != "1"
