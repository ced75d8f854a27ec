"""The query of an import has defaults, and its answer is as it is documented."""

from contactsvc.contacts.transfer.report import Report
from contactsvc.contacts.transfer.schemas import ImportAnswer, ImportQuerySchema


def test_nothing_needs_to_be_said() -> None:
    query = ImportQuerySchema().load({})
    assert query == {"dry_run": False, "on_duplicate": "skip", "tag": "", "map": ()}


def test_the_answer_has_every_field() -> None:
    answer = Report(mapping=[]).as_answer()
    assert answer.keys() == ImportAnswer().fields.keys()
    assert ImportAnswer().dump(answer) == answer
