"""What clients see of a row, whatever release has written it."""

import asyncpg
import orjson

from contactsvc.contacts import key_renewal
from contactsvc.contacts.filter import ContactFilter
from contactsvc.contacts.repository import ContactRepository
from contactsvc.contacts.rows import COLUMNS, DEFAULTS, KEPT, PUBLIC, WRITTEN

OLDER = (
    "INSERT INTO contacts (owner_id, first_name, last_name, email, phone, phone_value, phone_e164,"
    " notes, first_name_key, last_name_key, email_key, keys_version, version, created_at,"
    " updated_at, birthday, birthday_md, uid)"
    " VALUES ($1, 'Ada', '', 'a@example.com', '+442079460958', '020 7946 0958', '+442079460958',"
    " '', 'ada', '', 'a@example.com', 1, 1, now(), now(), '--02-03', 203, $2)"
)


def test_the_kinds_of_columns() -> None:
    assert DEFAULTS["tags"] == []
    assert DEFAULTS["email"] is None
    assert DEFAULTS["favorite"] is False
    assert DEFAULTS["title"] == ""
    assert set(PUBLIC) <= set(WRITTEN) <= {"id", *COLUMNS}
    assert set(KEPT) < set(WRITTEN)
    assert COLUMNS["tags"] == "TEXT[]"
    assert COLUMNS["first_name"] == "VARCHAR", "without a length"


async def test_a_row_of_an_older_release_is_shown_whole_before_and_after_its_renewal(
    contacts: ContactRepository, owner: int, pg: asyncpg.Connection
) -> None:
    for uid in (None, "given by the table"):
        await pg.execute(OLDER, owner, uid)
    first = await pg.fetchval("SELECT min(id) FROM contacts")
    page = await contacts.page(ContactFilter(), "created_at", 5)
    row, version = await contacts.get(first)

    assert page.rows[0] == row
    assert (row["display_name"], row["phone"], version) == ("Ada", "+442079460958", 1)
    lists = orjson.loads(row["details"])
    assert [(each["value"], each["e164"]) for each in lists["phones"]] == [
        ("020 7946 0958", "+442079460958")
    ]
    assert len(row["uid"]) == 36
    assert page.rows[1]["uid"] == "given by the table"

    assert await key_renewal.renew() == 2
    renewed = await contacts.page(ContactFilter(), "created_at", 5)
    for before, after in zip(page.rows, renewed.rows, strict=True):
        assert before | {"details": ""} == after | {"details": ""}
        assert orjson.loads(before["details"]) == orjson.loads(after["details"])
    assert (await contacts.get(first))[1] == 1, "a renewal is no change"


async def test_a_change_by_an_older_release_is_shown_at_once(
    contacts: ContactRepository, pg: asyncpg.Connection
) -> None:
    entries = [{"value": v, "type": "work", "label": ""} for v in ("a@x.org", "b@x.org")]
    made, _ = await contacts.create({"first_name": "Ada", "emails": entries})
    await pg.execute("UPDATE contacts SET version = 2, first_name = 'Bea', email = 'c@x.org'")

    row, version = await contacts.get(made["id"])
    page = await contacts.page(ContactFilter(), "last_name", 5)

    assert page.rows == [row]
    assert (version, row["display_name"], row["email"]) == (2, "Bea", "c@x.org")
    values = [each["value"] for each in orjson.loads(row["details"])["emails"]]
    assert values == ["c@x.org", "b@x.org"]
    # So a client that sends back what it got loses nothing of it.
    lists = orjson.loads(row["details"])
    sent = {"first_name": "Bea", "email": row["email"], "emails": lists["emails"], "notes": "x"}
    changed, _ = await contacts.change(made["id"], sent, is_whole=True)
    assert orjson.loads(changed["details"]) == lists
