"""A report names the first remarks and counts all."""

from contactsvc.contacts.transfer.records import Remark
from contactsvc.contacts.transfer.report import SHOWN, Remarks, Report


def test_remarks_are_counted_beyond_those_that_are_named() -> None:
    report = Report(created=2, updated=1, skipped=3)
    report.errors.add(Remark(n, "/x", "y") for n in range(SHOWN + 1))
    answer = report.as_answer()
    assert (answer["total"], answer["failed"]) == (SHOWN + 7, SHOWN + 1)
    assert (len(answer["errors"]), answer["error_count"]) == (SHOWN, SHOWN + 1)
    assert answer["errors"][-1] == {"line": SHOWN - 1, "pointer": "/x", "detail": "y"}
    assert (answer["warnings"], answer["warning_count"]) == ([], 0)


def test_remarks_are_counted_in_all_where_two_collections_become_one() -> None:
    report, others = Report(), Remarks()
    report.warnings.add([Remark(0, "", "x")])
    others.add(Remark(n, "", "y") for n in range(1, SHOWN + 2))
    report.warnings.include(others)
    assert report.warnings.count == SHOWN + 2
    assert [remark.line for remark in report.warnings.first] == list(range(SHOWN))


def test_a_mapping_is_told_where_there_is_one() -> None:
    assert "mapping" not in Report().as_answer()
    assert Report(mapping=[]).as_answer()["mapping"] == []
