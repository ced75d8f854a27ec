"""What all schemas share."""

from collections.abc import Mapping
from typing import Any, ClassVar, Final

from marshmallow import RAISE, Schema, fields, pre_load

JSON: Final = "application/json"
FORM: Final = "application/x-www-form-urlencoded"
MULTIPART: Final = "multipart/form-data"
MERGE_PATCH: Final = "application/merge-patch+json"


class StrictSchema(Schema):
    """Refuses what it does not know."""

    class Meta:
        """Options of marshmallow."""

        unknown = RAISE


class AcceptedAnswer(Schema):
    """It will be done; whether there was anything to do is not said."""

    status = fields.String(required=True, metadata={"example": "accepted"})


class BodySchema(StrictSchema):
    """A request body. Its dump_only fields may be sent, as they are in answers, and are ignored.

    Attributes:
        media_types: In which it may come.
        form_schema: How it looks as a form, where it may come as one.
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
        """Return the fields of a form under the names that they have in JSON."""
        return dict(form)
