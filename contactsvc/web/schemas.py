"""Base classes of schemas, and media types."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from dataclasses import field as dataclass_field
from functools import cached_property
from itertools import islice
from typing import Any, ClassVar, Final

from marshmallow import RAISE, Schema, ValidationError, fields, missing
from marshmallow.types import StrSequenceOrSet, UnknownOption

from contactsvc.web.query_fields import RepeatedText

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
MERGE_PATCH: Final = "application/merge-patch+json"

MAX_ERRORS: Final = 50
"""The most errors in one answer."""


@dataclass(frozen=True)
class FileBody:
    """A body that is a file, and no form around it.

    Args:
        media_type: A media range such as ``image/*``; what the body may be announced as.
        description: What the file may be, for the OpenAPI document.
        refused: Media types of that range that are refused all the same.
        others: Further media types that the body may be announced as.
        field: The field of a form that may have the file instead; empty if none may.
        examples: Files, by their media types; a picture has none.
    """

    media_type: str
    description: str
    refused: frozenset[str] = frozenset()
    others: frozenset[str] = frozenset()
    field: str = ""
    examples: Mapping[str, str] = dataclass_field(default_factory=dict, hash=False)

    def admits(self, media_type: str) -> bool:
        """Return whether the body may be announced as that media type."""
        family, _, name = self.media_type.partition("/")
        is_in_range = media_type == self.media_type or (
            name == "*" and media_type.startswith(f"{family}/")
        )
        return (is_in_range and media_type not in self.refused) or media_type in self.others


class StrictSchema(Schema):
    """A schema that refuses unknown fields."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE

    def load(
        self,
        data: Any,
        *,
        many: bool | None = None,
        partial: bool | StrSequenceOrSet | None = None,
        unknown: UnknownOption | None = None,
    ) -> Any:
        """Return the validated data.

        Without hooks and options, the fields alone are asked: in half of marshmallow's time, with
        the same values and the same errors.
        """
        raises = self.unknown == RAISE and unknown is None
        if raises and isinstance(data, dict) and len(data) > len(self.load_fields) + MAX_ERRORS:
            data = self._without_most_unknown(data)
        if self._plain_fields and isinstance(data, dict) and many is partial is unknown is None:
            return self._load_fields(data)
        return super().load(data, many=many, partial=partial, unknown=unknown)

    @cached_property
    def _plain_fields(self) -> Sequence[tuple[str, str, fields.Field[Any]]]:
        """The fields as in _names; empty if there are hooks to run."""
        if any(self._hooks.values()) or self.many or self.partial or self.unknown != RAISE:
            return ()
        return self._names

    @cached_property
    def _names(self) -> Sequence[tuple[str, str, fields.Field[Any]]]:
        """Name of the value, name in the data, and field."""
        return [
            (field.attribute or name, name if field.data_key is None else field.data_key, field)
            for name, field in self.load_fields.items()
        ]

    def _without_most_unknown(self, data: dict[str, Any]) -> dict[str, Any]:
        """Return data with MAX_ERRORS unknown names, where a body may have tens of thousands."""
        known = {key: data[key] for _, key, _ in self._names if key in data}
        unknown = (item for item in data.items() if item[0] not in known)
        return known | dict(islice(unknown, MAX_ERRORS))

    def _load_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        loaded: dict[str, Any] = {}
        errors: dict[str, Any] = {}
        known = 0
        for name, key, field in self._plain_fields:
            value = data.get(key, missing)
            if value is not missing:
                known += 1
            try:
                value = field.deserialize(value, key, data)
            except ValidationError as error:
                errors[key] = error.messages
            else:
                if value is not missing:
                    loaded[name] = value
        if known < len(data):
            keys = {key for _, key, _ in self._plain_fields}
            errors |= {key: [self.error_messages["unknown"]] for key in data if key not in keys}
        if errors:
            raise ValidationError(errors, data=data, valid_data=loaded)
        return loaded


class QuerySchema(StrictSchema):
    """A query whose validated form is kept for the next request that has the same.

    So it may depend on nothing but the query, such as the time, and its values must be immutable.
    """

    @cached_property
    def repeated(self) -> Set[str]:
        """The names of parameters that may be given several times."""
        return {name for name, field in self.fields.items() if isinstance(field, RepeatedText)}


class AcceptedAnswer(Schema):
    """The answer 202, which does not tell whether there was anything to do."""

    status = fields.String(required=True, metadata={"example": "accepted"})


class BodySchema(StrictSchema):
    """A request body. Clients may send back its dump_only fields, which are ignored.

    Attributes:
        media_types: The media types that are accepted.
        form_schema: The schema of the form, if a form is accepted.
    """

    media_types: ClassVar[tuple[str, ...]] = (JSON,)
    form_schema: ClassVar[type[Schema] | None] = None

    def load(self, data: Any, **options: Any) -> Any:
        """Return the validated data, without the fields that are read-only."""
        if isinstance(data, Mapping) and not self._read_only.isdisjoint(data):
            data = {name: value for name, value in data.items() if name not in self._read_only}
        return super().load(data, **options)

    @cached_property
    def _read_only(self) -> Set[str]:
        return self.fields.keys() - self.load_fields.keys()

    def from_form(self, form: dict[str, str]) -> dict[str, Any]:
        """Return the fields of a form by their names in JSON."""
        return dict(form)
