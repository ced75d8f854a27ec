"""An export has the filters of the list, and no pages."""

import pytest
from marshmallow import ValidationError

from contactsvc.contacts.transfer.exports.schemas import ExportQuerySchema


def test_nothing_needs_to_be_said() -> None:
    assert "format" not in ExportQuerySchema().load({})
    assert ExportQuerySchema().load({"format": "csv", "q": "ada"})["q"] == "ada"


@pytest.mark.parametrize("query", [{"limit": "1"}, {"cursor": "x"}, {"format": "pdf"}])
def test_what_does_not_fit_is_refused(query: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        ExportQuerySchema().load(query)
