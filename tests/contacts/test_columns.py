"""The columns that fields make of a contact."""

from typing import Any

import orjson
import pytest

from contactsvc.contacts.columns import of_any_release, of_change, of_new, to_database
from contactsvc.contacts.details import LISTS, empty
from contactsvc.contacts.keys import older_uid
from contactsvc.contacts.rows import COLUMNS, DEFAULTS
from contactsvc.platform.errors import ValidationFailed

REST = {"created_at": 0, "updated_at": 0, "version": 1, "derived_version": 1, "changed_by": "api"}


def kept(fields: dict[str, Any], region: str | None = "GB") -> dict[str, Any]:
    return of_new(fields, region) | REST | {"id": 7}


def test_a_new_contact_has_a_value_in_every_column() -> None:
    columns = of_new({"first_name": "Ada"}, None) | REST
    assert columns.keys() == COLUMNS.keys()
    plain = {name: default for name, default in DEFAULTS.items() if name not in LISTS}
    assert {name: columns[name] for name in plain} == plain | {"first_name": "Ada"}
    assert columns["details"] == empty()
    assert of_new({"first_name": "Ada"}, None)["uid"] != columns["uid"]


def test_values_go_to_the_database_in_the_order_of_the_columns() -> None:
    columns = kept({"first_name": "Ada", "email": "a@example.com"})
    values = dict(zip(COLUMNS, to_database(columns), strict=True))
    assert orjson.loads(values.pop("details")) == columns["details"]
    assert all(values[name] == columns[name] for name in values)


def test_lines_of_a_file_are_kept_as_json_or_not_at_all() -> None:
    for lines in (None, ["X-PET:Rex"]):
        columns = kept({"first_name": "Ada", "extra": lines})
        values = dict(zip(COLUMNS, to_database(columns), strict=True))
        assert values["extra"] == (lines and orjson.dumps(lines).decode())
        row = {**columns, **values}
        assert of_any_release(row, 1)["extra"] == lines
        whole = {"first_name": "Ada"}
        assert of_change(of_any_release(row, 1), whole, None, is_whole=True) is None
        changed = of_change(columns, {"extra": ["X-PET:Tom"]}, None, is_whole=False)
        assert changed is not None
        assert changed["extra"] == ["X-PET:Tom"]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"first_name": "Ada", "email": "a@example.com"},
        {"phone": "+442079460958"},
        {"phones": [{"value": "020 7946 0958", "type": None, "label": ""}]},
        {"uid": "u"},
    ],
)
def test_a_change_without_a_difference_is_none(fields: dict[str, Any]) -> None:
    row = kept(
        {"first_name": "Ada", "email": "a@example.com", "phone": "020 7946 0958", "uid": "u"}
    )
    assert of_change(row, fields, "GB", is_whole=False) is None


def test_a_replacement_takes_defaults_and_keeps_what_is_not_the_clients() -> None:
    row = kept({"first_name": "Ada", "notes": "x", "tags": ["a"], "email": "a@example.com"})
    row["photo"] = "etag"
    columns = of_change(row, {"last_name": "King"}, None, is_whole=True)
    assert columns is not None
    for name, value in (("first_name", ""), ("notes", ""), ("tags", []), ("email", None)):
        assert columns[name] == value
    assert (columns["photo"], columns["uid"]) == ("etag", row["uid"])
    assert columns["display_name"] == "King"


@pytest.mark.parametrize("fields", [{"first_name": ""}, {"uid": "other"}])
def test_a_change_that_is_refused(fields: dict[str, Any]) -> None:
    row = kept({"first_name": "Ada", "uid": "u"})
    with pytest.raises(ValidationFailed) as error:
        of_change(row, fields, None, is_whole=False)
    assert [each.pointer for each in error.value.errors] == [f"/{next(iter(fields))}"]


def test_a_row_of_an_older_release_is_read_as_if_this_one_had_written_it() -> None:
    row = kept({"first_name": "Ada", "email": "a@example.com", "phone": "020 7946 0958"})
    older = row | {"details": None, "uid": None, "derived_version": None}
    older |= {"phone_value": "020 7946 0958"}
    read = of_any_release(older, 3)
    assert read == row | {"uid": older_uid(3, 7), "derived_version": None}
    as_kept = {**row, "details": orjson.dumps(row["details"]).decode()}
    assert of_any_release(as_kept, 3) == row


def test_what_an_older_release_changes_beside_this_one_counts() -> None:
    entries = [
        {"value": v, "type": "work", "label": ""} for v in ("a@example.com", "b@example.com")
    ]
    row = kept({"first_name": "Ada", "emails": entries, "phone": "112"})
    row = {**row, "details": orjson.dumps(row["details"]).decode(), "version": 2}
    changed = of_any_release(row | {"email": "new@example.com"}, 3)
    assert [each["value"] for each in changed["details"]["emails"]] == [
        "new@example.com", "b@example.com"
    ]  # fmt: skip
    assert [each["value"] for each in changed["details"]["phones"]] == ["112"]
    cleared = of_any_release(row | {"email": None, "phone": None}, 3)
    assert cleared["details"]["emails"] == entries[1:]
    assert (cleared["email"], cleared["phone"]) == ("b@example.com", None)
