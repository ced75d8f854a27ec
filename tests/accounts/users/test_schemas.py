"""What users may change of themselves, and what is answered of them."""

from dataclasses import fields
from typing import Any

import pytest
from marshmallow import ValidationError

from contactsvc.accounts.users.model import CurrentUser
from contactsvc.accounts.users.schemas import UserAnswer, UserPatchSchema, UserPathSchema


@pytest.mark.parametrize("name", ["", "Grace", "x" * 100])
def test_a_name(name: str) -> None:
    assert UserPatchSchema().load({"name": f" {name} "}) == {"name": name}


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x" * 101},
        {"name": None},
        {"name": "\0"},
        {"role": "admin"},
        {"email": "x@example.com"},
        {"confirmed": True},
        {"is_active": True},
        {"auth_version": 1},
    ],
)
def test_a_patch_refuses(data: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as error:
        UserPatchSchema().load(data)
    assert error.value.messages_dict.keys() == data.keys()


@pytest.mark.parametrize("value", ["0", "-1", str(2**63), "me", ""])
def test_a_path_refuses_what_is_no_id(value: str) -> None:
    with pytest.raises(ValidationError) as error:
        UserPathSchema().load({"id": value})
    assert list(error.value.messages_dict) == ["id"]


def test_an_answer_tells_nothing_that_only_the_service_needs() -> None:
    assert not {"auth_version", "version", "password_hash", "avatar"} & set(UserAnswer().fields)
    known = {field.name for field in fields(CurrentUser)} | {"avatar_url"}
    assert set(UserAnswer().fields) <= known
