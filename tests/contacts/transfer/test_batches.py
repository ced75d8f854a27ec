from contactsvc.contacts.transfer.batches import BATCH, Batch, Batches, WithPhoto
from contactsvc.contacts.transfer.records import Read, Remark, Unreadable
from contactsvc.contacts.transfer.report import Report
from contactsvc.contacts.transfer.spool import Ready
from tests.contacts.transfer.support import ADA, read


def all_of(*reads: Read, report: Report | None = None) -> list[Batch]:
    batches = Batches(iter(reads), "GB", "", is_merged=False, report=report or Report())
    return list(iter(batches.next, []))


def test_a_batch_has_so_many_contacts_and_loses_none() -> None:
    found = all_of(*(read(n, uid=f"u{n}", **ADA) for n in range(2 * BATCH + 3)))

    assert list(map(len, found)) == [BATCH, BATCH, 3]
    uids = [each.row.uid for batch in found for each in batch if isinstance(each, Ready)]
    assert uids == [f"u{n}" for n in range(2 * BATCH + 3)]


def test_a_batch_of_large_contacts_ends_early() -> None:
    lines = [f"X-A:{'a' * 400_000}"]

    found = all_of(*(read(n, extra=lines, uid=f"u{n}", **ADA) for n in range(30)))

    assert list(map(len, found)) == [11, 11, 8]


def test_what_cannot_be_read_has_its_place_and_is_told() -> None:
    report = Report()

    (batch,) = all_of(read(1, **ADA), Unreadable(Remark(2, "", "?")), read(3), report=report)

    assert [each is None for each in batch] == [False, True, True]
    assert [each.line for each in report.errors.first] == [2, 3]


def test_one_with_a_photo_is_not_ready_yet() -> None:
    (batch,) = all_of(read(photo=b"x", **ADA), read(**ADA))

    assert [type(each) for each in batch] == [WithPhoto, Ready]
