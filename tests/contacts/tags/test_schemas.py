"""The name of a tag in paths and bodies."""

import pytest
from marshmallow import Schema, ValidationError

from contactsvc.contacts.tags.schemas import TagPathSchema, TagSchema

both = pytest.mark.parametrize("schema", [TagPathSchema(), TagSchema()], ids=["path", "body"])


@both
@pytest.mark.parametrize(
    ("name", "kept"), [(" friends ", "friends"), ("e\u0301te\u0301", "été"), ("x" * 50, "x" * 50)]
)
def test_it_is_trimmed_and_composed(schema: Schema, name: str, kept: str) -> None:
    assert schema.load({"name": name}) == {"name": kept}


@both
@pytest.mark.parametrize(
    "body", [{}, {"name": ""}, {"name": "\u200b"}, {"name": None}, {"name": 1}]
)
def test_a_tag_has_a_name(schema: Schema, body: dict[str, object]) -> None:
    with pytest.raises(ValidationError) as refused:
        schema.load(body)
    assert refused.value.messages_dict.keys() == {"name"}


@both
@pytest.mark.parametrize("name", ["x" * 51, "a\nb", "a\0b"])
def test_a_name_is_one_short_line(schema: Schema, name: str) -> None:
    with pytest.raises(ValidationError) as refused:
        schema.load({"name": name})
    assert refused.value.messages_dict.keys() == {"name"}


def test_a_tag_has_nothing_else() -> None:
    with pytest.raises(ValidationError):
        TagSchema().load({"name": "a", "contacts": 1})
