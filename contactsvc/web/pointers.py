"""What marshmallow finds wrong, as errors with JSON pointers (RFC 6901)."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Any

from marshmallow import ValidationError
from marshmallow.exceptions import SCHEMA

from contactsvc.platform.errors import FieldError
from contactsvc.web.schemas import MAX_ERRORS


def field_errors(error: ValidationError) -> list[FieldError]:
    """Return what an error names, up to MAX_ERRORS of it, with pointers into the validated data."""
    return list(islice(_flatten("", error.messages, error.data), MAX_ERRORS))


def pointer(parent: str, name: object) -> str:
    """Return an RFC 6901 pointer; names come from the client, so they are shortened to 100."""
    token = str(name)[:100].replace("~", "~0").replace("/", "~1")
    return f"{parent}/{token.encode('utf-8', 'replace').decode()}"


def _flatten(parent: str, messages: Any, data: Any) -> Iterable[FieldError]:
    """Yield the errors at a place and below it, where a body, or a part of one, has ``data``."""
    if isinstance(messages, Mapping):
        for name, inner in messages.items():
            # marshmallow's key for errors of a whole object could also be the name of a field.
            if name == SCHEMA and not isinstance(data, Mapping):
                yield from _flatten(parent, inner, data)
            else:
                yield from _flatten(pointer(parent, name), inner, _part(data, name))
    elif isinstance(messages, str):
        yield FieldError(parent, messages)
    else:
        for message in messages:
            yield from _flatten(parent, message, data)


def _part(data: Any, name: object) -> Any:
    """Return what stands under a name, or at a place of a list; None if nothing does."""
    if isinstance(data, Mapping):
        return data.get(name)
    is_place = isinstance(data, list) and isinstance(name, int) and name < len(data)
    return data[name] if is_place else None
