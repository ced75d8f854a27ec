"""What a field says of what it refuses."""

from typing import Any

import pytest
from marshmallow import ValidationError, fields

NO_TEXT = [None, 1, 1.5, True, [], {}, ["x"], {"x": "y"}]


def refused(field: fields.Field[Any], value: Any) -> list[str]:
    """Assert that a field refuses a value in readable words, and return them."""
    with pytest.raises(ValidationError) as error:
        field.deserialize(value)
    messages = error.value.messages
    assert isinstance(messages, list)
    assert messages
    for message in messages:
        message.encode()  # must be able to go out
    return messages
