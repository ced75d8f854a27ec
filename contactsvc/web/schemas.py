"""Base classes of schemas, and media types."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import RAISE, Schema, fields, pre_load

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
MERGE_PATCH: Final = "application/merge-patch+json"


class StrictSchema(Schema):
    """A schema that refuses unknown fields."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE


class QuerySchema(StrictSchema):
    """A query whose validated form is kept for the next request that has the same.

    So it may depend on nothing but the query, such as the time, and its values must be immutable.
    """


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

    @pre_load
    def _ignore_read_only(self, data: Any, **_: Any) -> Any:
        read_only = self.fields.keys() - self.load_fields.keys()
        if not read_only or not isinstance(data, Mapping):
            return data
        return {name: value for name, value in data.items() if name not in read_only}

    def from_form(self, form: dict[str, str]) -> dict[str, Any]:
        """Return the fields of a form by their names in JSON."""
        return dict(form)
