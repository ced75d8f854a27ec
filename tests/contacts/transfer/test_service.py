"""A file is imported as a whole or not at all, and twice is as good as once."""

import asyncio
from collections.abc import Iterator
from typing import Any

import asyncpg
import pytest

from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.transfer import service
from contactsvc.contacts.transfer.records import Read, ReadContact, Remark, Unreadable
from contactsvc.contacts.transfer.service import Importer, ImportOptions
from contactsvc.contacts.transfer.writing import OnDuplicate
from contactsvc.platform.caller import Caller
from contactsvc.platform.errors import PayloadTooLarge, QuotaExceeded
from contactsvc.platform.storage.pictures import Pictures
from tests.contacts.transfer.support import ADA, Book, read, told


@pytest.fixture
def book(owner: int, pg: asyncpg.Connection) -> Iterator[Book]:
    pictures = Pictures()
    yield Book(owner, pg, pictures)
    pictures.close()


async def test_contacts_are_added_and_found(book: Book) -> None:
    reads = [read(n, first_name=f"Ada {n}", email=f"a{n}@example.com") for n in range(601)]

    report = await book.bring(*reads)

    assert told(report) == (601, 0, 0, 0)
    rows = await book.rows()
    assert [row["display_name"] for row in rows] == [f"Ada {n}" for n in range(601)]
    assert {row["changed_by"] for row in rows} == {"import"}
    assert {row["version"] for row in rows} == {row["derived_version"] for row in rows} == {1}
    seqs = [row["seq"] for row in rows]
    assert seqs == list(range(seqs[0], seqs[0] + 601))
    counted = await book.pg.fetchrow("SELECT contacts, seq FROM address_books")
    assert tuple(counted) == (601, seqs[-1])
    assert await book.contacts.count(ContactFilter(q="a600@example")) == 1


@pytest.mark.parametrize("how", list(OnDuplicate))
async def test_the_same_file_again(book: Book, how: OnDuplicate) -> None:
    reads = [read(uid="u1", **ADA), read(first_name="Bob", notes="x")]
    await book.bring(*reads)
    before = await book.rows()

    report = await book.bring(*reads, on_duplicate=how)

    if how is OnDuplicate.CREATE:
        assert told(report) == (2, 0, 0, 0)
        assert len({row["uid"] for row in await book.rows()}) == 4
    else:
        assert told(report) == (0, 0, 2, 0)
        assert await book.rows() == before
        assert report.operation_id is None


@pytest.mark.parametrize(
    ("fields", "is_same"),
    [
        ({"uid": "u1", "first_name": "Other"}, True),
        ({"uid": "u2", **ADA}, True),
        ({"first_name": "ADA", "last_name": "lovelace", "email": "ADA@example.com"}, True),
        ({"first_name": "Áda", "last_name": "Lovelace", "phone": "+44 20 7946 0958"}, True),
        ({"first_name": "Ada", "last_name": "Lovelace", "phone": "020 7946 0958"}, True),
        ({"first_name": "Ada", "last_name": "Lovelace", "email": "a@example.org"}, False),
        ({"first_name": "Ada", "last_name": "Lovelace"}, False),
        ({"first_name": "Ada", "last_name": "Byron", "email": "ada@example.com"}, False),
        ({"first_name": "Ada Lovelace", "email": "ada@example.com"}, False),
    ],
)
async def test_who_is_a_duplicate(book: Book, fields: dict[str, Any], is_same: bool) -> None:
    await book.contacts.create({**ADA, "uid": "u1", "phone": "+442079460958"})
    report = await book.bring(read(**fields), region="GB")
    assert told(report) == ((0, 0, 1, 0) if is_same else (1, 0, 0, 0))
    assert len(await book.rows()) == 1 + (not is_same)


async def test_a_company_is_found_by_its_name(book: Book) -> None:
    await book.contacts.create({"organization": "Society", "email": "s@example.com"})
    report = await book.bring(read(organization="society", email="s@example.com"))
    assert told(report) == (0, 0, 1, 0)


async def test_nobody_elses_contacts_count(book: Book, foreign: ContactRepository) -> None:
    await foreign.create({**ADA, "uid": "u1"})
    assert told(await book.bring(read(uid="u1", **ADA))) == (1, 0, 0, 0)


@pytest.mark.parametrize("distance", [1, 300])
async def test_duplicates_inside_the_file(book: Book, distance: int) -> None:
    others = [read(first_name=f"B{n}") for n in range(distance)]
    twice = [read(uid="u1", **ADA), *others, read(**ADA), read(uid="u1", first_name="x")]
    assert told(await book.bring(*twice)) == (1 + distance, 0, 2, 0)


@pytest.mark.parametrize("distance", [0, 300])
async def test_duplicates_inside_the_file_are_united(book: Book, distance: int) -> None:
    others = [read(first_name=f"B{n}") for n in range(distance)]
    emails = [{"value": "ada@example.com", "type": "work"}, {"value": "a@example.org"}]
    more = read(first_name="Ada", last_name="Lovelace", emails=emails)
    report = await book.bring(read(**ADA), *others, more, on_duplicate=OnDuplicate.UPDATE)
    assert told(report) == (1 + distance, 1, 0, 0)
    assert (await book.values("emails"))[0] == ["ada@example.com", "a@example.org"]
    assert (await book.values("emails", "type"))[0] == ["work", None]


async def test_an_update_empties_nothing_and_unites_lists(book: Book) -> None:
    made, _ = await book.contacts.create(
        {
            "first_name": "Ada",
            "last_name": "Lovelace",
            "nickname": "Countess",
            "notes": "old",
            "emails": [{"value": "ada@example.com", "type": "home", "label": ""}],
            "phones": [{"value": "+442079460958", "type": None, "label": ""}],
            "tags": ["friends"],
            "favorite": True,
        }
    )
    fields: dict[str, Any] = {
        "nickname": "",
        "notes": "new",
        "birthday": "1815-12-10",
        "favorite": False,
        "emails": [{"value": "ada@example.com"}, {"value": "a@example.org", "type": "work"}],
        "phones": [{"value": "020 7946 0958", "type": "mobile"}],
        "tags": ["Friends", "work"],
    }
    again = read(first_name="Ada", last_name="Lovelace", extra=["X-PET:Rex"], **fields)

    report = await book.bring(again, on_duplicate=OnDuplicate.UPDATE, region="GB")

    assert told(report) == (0, 1, 0, 0)
    (row,) = await book.rows()
    assert (row["id"], row["uid"], row["version"]) == (made["id"], made["uid"], 2)
    assert (row["nickname"], row["notes"], row["birthday"]) == ("Countess", "new", "1815-12-10")
    assert (row["tags"], row["favorite"], row["extra"]) == (
        ["friends", "work"],
        True,
        ["X-PET:Rex"],
    )
    assert await book.values("emails") == [["ada@example.com", "a@example.org"]]
    assert await book.values("emails", "type") == [["home", "work"]]
    assert await book.values("phones", "type") == [["mobile"]]
    kept = await book.pg.fetch("SELECT version, by FROM contact_versions")
    assert [tuple(version) for version in kept] == [(1, "api")]


async def test_an_operation_tells_what_was_done(book: Book) -> None:
    made, _ = await book.contacts.create({**ADA, "uid": "u1"})
    reads = [read(uid="u1", notes="x"), read(first_name="Bob"), read(uid="u1", nickname="y")]

    report = await book.bring(*reads, on_duplicate=OnDuplicate.UPDATE)

    row = await book.pg.fetchrow("SELECT * FROM contact_operations")
    assert (row["id"], row["kind"], row["contacts"]) == (report.operation_id, "import", 2)
    bob = await book.pg.fetchval("SELECT id FROM contacts WHERE first_name = 'Bob'")
    done = zip(row["contact_ids"], row["versions_before"], row["versions_after"], strict=True)
    assert set(done) == {(made["id"], 1, 2), (bob, 0, 1)}
    event = await book.pg.fetchrow("SELECT event, user_id, data FROM audit_events")
    assert tuple(event) == ("contacts_imported", book.owner, '{"created": 1, "updated": 2}')


async def test_a_dry_run_tells_the_same_and_changes_nothing(book: Book) -> None:
    await book.contacts.create({**ADA, "uid": "u1"})
    everything = "SELECT (SELECT json_agg(c) FROM contacts AS c)::text, * FROM address_books"
    before = await book.pg.fetchrow(everything)
    reads: list[Read] = [read(uid="u1", notes="x"), read(first_name="Bob")]
    reads.append(Unreadable(Remark(3, "", "no")))
    how: dict[str, Any] = {"on_duplicate": OnDuplicate.UPDATE}

    report = await book.bring(*reads, dry_run=True, **how)

    assert told(report) == (1, 1, 0, 1)
    assert report.operation_id is None
    assert await book.pg.fetchrow(everything) == before
    for table in ("contact_operations", "audit_events", "contact_versions"):
        assert await book.pg.fetchval(f"SELECT count(*) FROM {table}") == 0
    assert told(await book.bring(*reads, **how)) == told(report)


async def test_what_cannot_be_read_costs_itself_and_is_named(book: Book) -> None:
    bad = [Unreadable(Remark(line, "", "broken")) for line in range(150)]
    nameless = ReadContact(200, {"tags": ["x"]})
    report = await book.bring(*bad, read(first_name="Ada", birthday="x", line=180), nameless)
    assert told(report) == (1, 0, 0, 151)
    answer = report.as_answer()
    assert (answer["total"], answer["error_count"], len(answer["errors"])) == (152, 151, 100)
    assert answer["errors"][0] == {"line": 0, "pointer": "", "detail": "broken"}
    (warning,) = answer["warnings"]
    assert (warning["line"], warning["pointer"]) == (180, "/birthday")


async def test_every_contact_gets_the_tag(book: Book) -> None:
    await book.bring(
        read(first_name="Ada"), read(first_name="Bob", tags=["x", "PHONE"]), tag="phone"
    )
    assert [row["tags"] for row in await book.rows()] == [["phone"], ["phone", "x"]]


async def test_more_than_the_quota_is_nothing(book: Book) -> None:
    await book.contacts.create(ADA)
    reads = [read(first_name=f"B{n}") for n in range(300)]
    with pytest.raises(QuotaExceeded):
        await book.bring(*reads, max_contacts=300)
    assert len(await book.rows()) == 1
    assert await book.pg.fetchval("SELECT contacts FROM address_books") == 1
    assert told(await book.bring(*reads, max_contacts=301)) == (300, 0, 0, 0)


async def test_too_many_at_once_is_nothing(book: Book, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(service, "MAX_IMPORTED", 600)
    reads: list[Read] = [read(first_name=f"B{n}") for n in range(600)]
    with pytest.raises(PayloadTooLarge):
        await book.bring(*reads, Unreadable(Remark(1, "", "")))
    assert await book.rows() == []
    assert told(await book.bring(*reads)) == (600, 0, 0, 0)
    broken = [Unreadable(Remark(1, "", ""))] * 400
    assert told(await book.bring(*reads[:200], *broken)) == (0, 0, 200, 400)


async def test_whoever_goes_away_leaves_nothing(
    book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    reached, reads = asyncio.Event(), [read(first_name=f"B{n}") for n in range(600)]
    importer = Importer(book.owner, 100_000, book.pictures, Caller(), None)

    def progress(done: int, _of: int) -> None:
        if done == 250:
            reached.set()

    work = asyncio.ensure_future(importer.run(iter(reads), ImportOptions(), progress))
    waiter = asyncio.ensure_future(reached.wait())
    await asyncio.wait({work, waiter}, return_when=asyncio.FIRST_COMPLETED)
    work.cancel()
    with pytest.raises(asyncio.CancelledError):
        await work
    assert await book.rows() == []
    assert told(await book.bring(*reads)) == (600, 0, 0, 0)
