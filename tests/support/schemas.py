"""What a schema says of what it refuses."""

from typing import Any

import pytest
from marshmallow import Schema, ValidationError


def errors(schema: Schema, data: Any) -> set[str]:
    """Assert that a schema refuses data and return the fields it names."""
    with pytest.raises(ValidationError) as error:
        schema.load(data)
    assert isinstance(error.value.messages, dict)
    return set(error.value.messages)
