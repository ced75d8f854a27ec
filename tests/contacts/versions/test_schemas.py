"""The path of an earlier version, and what is answered of it."""

import pytest
from marshmallow import ValidationError

from contactsvc.contacts.versions.repository import Version
from contactsvc.contacts.versions.schemas import VersionAnswer, VersionPathSchema


def test_a_path_has_two_numbers() -> None:
    path = {"contact_id": "7", "version": "3"}
    assert VersionPathSchema().load(path) == {"contact_id": 7, "version": 3}


@pytest.mark.parametrize("version", ["0", "-1", "3.0", "three", "", " 3", "٣", str(2**63)])
def test_what_is_no_number_is_no_version(version: str) -> None:
    with pytest.raises(ValidationError) as refused:
        VersionPathSchema().load({"contact_id": "7", "version": version})
    assert refused.value.messages_dict.keys() == {"version"}


def test_an_answer_has_what_the_repository_gives() -> None:
    assert VersionAnswer().fields.keys() == Version.__annotations__.keys()
