"""marshmallow fields for what stands in a query alone."""

from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError

from contactsvc.web.fields import PlainText


class RepeatedText(PlainText):
    """A parameter that may be given several times; the value is a tuple of texts.

    Args:
        max_count: How often it may be given.
    """

    def __init__(self, *, max_count: int, **kwargs: Any) -> None:
        self.max_count = max_count
        super().__init__(**kwargs)

    def deserialize(
        self,
        value: Any,
        attr: str | None = None,
        data: Mapping[str, Any] | None = None,
        **kwargs: Any,
    ) -> Any:
        """Return the texts in their order."""
        if not isinstance(value, list):
            return super().deserialize(value, attr, data, **kwargs)
        if len(value) > self.max_count:
            raise ValidationError(f"Given more than {self.max_count} times.")
        parts = [super(RepeatedText, self).deserialize(each, attr, data) for each in value]
        return tuple(parts)
