"""One contact: made, read, replaced, changed and deleted."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from yarl import URL

from contactsvc.contacts.schemas.answers import ContactAnswer
from contactsvc.platform.clock import today
from contactsvc.web.fields import EARLIEST_ZONE
from tests.accounts.users.test_views import TIME
from tests.conftest import Person, pointers, problem
from tests.support.over_http import ADA

BARE: dict[str, Any] = {
    "first_name": "Ada",
    "last_name": "",
    "email": None,
    "phone": None,
    "birthday": None,
    "notes": "",
}
"""What a client writes that knows one e-mail and one phone."""
MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}
ONE = "/api/contacts/1"
FIRST = today(EARLIEST_ZONE)
"""The latest day that it is anywhere on earth."""


def fields(contact: dict[str, Any]) -> dict[str, Any]:
    """Return what such a client writes of a contact."""
    return {name: contact[name] for name in BARE}


async def test_creating(grace: Person) -> None:
    response = await grace.post("/api/contacts/", json=ADA)

    assert response.status == 201
    contact = await response.json()
    assert contact.keys() == ContactAnswer().fields.keys()
    assert contact["display_name"] == "Ada Lovelace"
    assert contact["book_id"] == 1
    assert len(contact["uid"]) == 36
    assert fields(contact) == ADA
    assert TIME.fullmatch(contact["created_at"])
    assert contact["updated_at"] == contact["created_at"]
    location = response.headers["Location"]
    assert location == f"https://contacts.example.com/api/contacts/{contact['id']}"
    found = await grace.get(URL(location).path)
    assert found.status == 200
    assert await found.json() == contact
    assert found.headers["ETag"] == response.headers["ETag"]


async def test_only_a_first_name_is_needed(grace: Person) -> None:
    assert fields(await grace.add_contact()) == BARE


async def test_nothing_but_id_and_uid_is_unique(grace: Person) -> None:
    first, second = await grace.add_contact(**ADA), await grace.add_contact(**ADA)

    assert first["id"] != second["id"]
    assert first["uid"] != second["uid"]


FITS: dict[str, dict[Any, Any]] = {
    "first_name": {
        "A": "A",
        "x" * 100: "x" * 100,
        "  Ada\t": "Ada",
        "👩🏽‍🚀" * 20: "👩🏽‍🚀" * 20,
        "": "",
        " \t ": "",
        **dict.fromkeys(["\u200b", "\ufeff", "\u3164", "\u2800", "\ufe0f", "\u202e"], ""),
    },
    "last_name": {
        "": "",
        "\u200b\ufeff": "",
        "\u3164\u2800": "",
        "a\u200db": "a\u200db",
        "e\u0301" * 100: "é" * 100,
        "x" * 100: "x" * 100,
        "O'Brien; --": "O'Brien; --",
    },
    "email": {
        None: None,
        "": None,
        "\u3164": None,
        "ada+tag@mail.example.com": "ada+tag@mail.example.com",
        "ада@приклад.укр": "ада@приклад.укр",
    },
    "phone": {
        None: None,
        " ": None,
        "+44 20 7946 0958": "+442079460958",
        "+1 (415) 555-2671": "+14155552671",
        "+380.44.123.45.67": "+380441234567",
        "\u202a+44\u202f20\u20117946\u20130958\u202c": "+442079460958",
        "\uff0b\uff14\uff14\t\uff12\uff10 \u0667\u0669\u0664\u0666 0958": "+442079460958",
        "tel:+44-20-7946-0958": "+442079460958",
        # What has no E.164 stays as it was typed.
        "+4915123456789012": "+4915123456789012",
        "+2347008878767009": "+2347008878767009",  # by Nigeria's plan there is such a number
        "+1 555 2671": "+1 555 2671",
        "+44 1111": "+44 1111",
        "+49\u00a012": "+49 12",
        "020 7946 0958": "020 7946 0958",
        "+44 20 7946 0958 ext. 5": "+44 20 7946 0958 ext. 5",
        "+44 20 CALL ME": "+44 20 CALL ME",
        "*100#": "*100#",
        "1" * 64: "1" * 64,
        "\u200e" * 100 + "112": "112",
        "\u200b": None,
    },
    "birthday": {
        day: day.strip("\ufeff") or None if day else None
        for day in (
            None,
            "",
            "\ufeff",
            "2000-02-29",
            "--02-29",
            "--12-31",
            "0001-01-01",
            FIRST.isoformat(),
        )
    },
    "notes": {text: text for text in ("", "x" * 10_000, "  two\r\nlines\n ")}
    | {"\u200b\n\u3164": ""},
}
"""For each field what is sent, and what is kept of it."""


async def test_values_that_fit(ada: Person, subtests: pytest.Subtests) -> None:
    for field in FITS:
        with subtests.test(field=field):
            for value, kept in FITS[field].items():
                created = await ada.add_contact(**{"nickname": "A", field: value})
                replaced = await ada.put(ONE, json={"nickname": "A", field: value})
                changed = await ada.patch(ONE, json={field: value})

                assert created[field] == kept, value
                assert (await replaced.json())[field] == kept, value
                assert (await changed.json())[field] == kept, value
                assert (await (await ada.get(ONE)).json())[field] == kept, value


DOES_NOT_FIT: dict[str, list[Any]] = {
    "first_name": [
        "x" * 101,
        *("a\tb", "a\nb", "\x1b[31m", "a\x7f", "a\x85b", "a\u2028b", "\x00"),
    ],
    "last_name": ["x" * 101, "a\x07b", "a\r\nb"],
    "email": [
        *("ada", "ada@", "@example.com", "a@b@example.com", "a b@example.com"),
        "ada@example.com, bob@example.com",
        f"{'x' * 64}@{'y' * 63}.{'y' * 63}.{'y' * 63}.com",
    ],
    "phone": [
        *(
            "+",
            "mum",
            "tel:",
            "1" * 65,
            "1" + "\u200b" * 2000,
            "\x001",
            "1\x1b2",
        ),
        *("tel:1%002", "\u00b2", "1\ud800"),
    ],
    "birthday": [
        *("2023-02-29", "1900-02-29", "2000-13-01", "2000-00-10", "2000-04-31", "0000-01-01"),
        *("--02-30", "--13-01", "--2-3", "-02-03", "02-03", "2000", "20000101", "2000-W01-1"),
        *("10.12.1815", "1815-12-10T00:00:00Z", "9999-12-31"),
        "٢٠٠٠-٠١-٠١",
        (FIRST + timedelta(days=2)).isoformat(),
    ],
    "notes": ["x" * 10_001, "a\x0bb", "\x1b[31m"],
}


async def test_values_that_do_not_fit(ada: Person, subtests: pytest.Subtests) -> None:
    for field in DOES_NOT_FIT:
        with subtests.test(field=field):
            for value in DOES_NOT_FIT[field]:
                created = await ada.post("/api/contacts/", json=ADA | {field: value})
                replaced = await ada.put(ONE, json=ADA | {field: value})
                changed = await ada.patch(ONE, json={field: value})

                for response in (created, replaced, changed):
                    assert await pointers(response) == {f"/{field}"}, value
            listing = await (await ada.get("/api/contacts/")).json()
            assert [fields(contact) for contact in listing["items"]] == [ADA]


@pytest.mark.parametrize("field", ["first_name", "last_name", "notes"])
async def test_text_that_is_never_null_is_not_created_null(ada: Person, field: str) -> None:
    for response in (
        await ada.post("/api/contacts/", json=ADA | {field: None}),
        await ada.put(ONE, json=ADA | {field: None}),
    ):
        assert await pointers(response) == {f"/{field}"}


async def test_what_the_service_decides_is_not_for_clients_to_say(
    ada: Person, subtests: pytest.Subtests
) -> None:
    for field in ["id", "owner_id", "version", "search_key", "seq", "details", "photo"]:
        with subtests.test(field=field):
            responses = [
                await ada.put(ONE, json=ADA | {field: 2}),
                await ada.patch(ONE, json={field: 2}),
            ]
            if field != "id":
                responses.append(await ada.post("/api/contacts/", json=ADA | {field: 2}))
            for response in responses:
                assert await pointers(response) == {f"/{field}"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_what_was_read_can_be_sent_back(ada: Person, method: str) -> None:
    read = await (await ada.get(ONE)).json()

    response = await ada.request(method, ONE, json=read | {"notes": "", "created_at": "long ago"})

    assert response.status == 200, await response.text()
    written = await response.json()
    assert written == read | {"notes": "", "updated_at": written["updated_at"]}
    other = await ada.request(method, "/api/contacts/2", json=read)
    assert await pointers(other) == {"/id"}


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
async def test_a_change_that_changes_nothing_keeps_the_etag(ada: Person, method: str) -> None:
    before = await ada.get(ONE)
    contact = await before.json()

    for body in (contact, ADA, *[{}] * (method == "PATCH")):
        response = await ada.request(method, ONE, json=body)
        assert (response.status, response.headers["ETag"]) == (200, before.headers["ETag"])
        assert await response.json() == contact
    assert (await ada.get(ONE)).headers["ETag"] == before.headers["ETag"]


async def test_a_child_born_today_where_the_day_begins_first(
    ada: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    moment = datetime(2027, 6, 30, 10, 0, tzinfo=UTC)  # midnight on Kiritimati
    monkeypatch.setattr("contactsvc.platform.clock.now", lambda: moment)

    assert (await ada.patch(ONE, json={"birthday": "2027-07-01"})).status == 200
    refused = await ada.patch(ONE, json={"birthday": "2027-07-02"})
    assert await pointers(refused) == {"/birthday"}


async def test_every_wrong_field_is_named_at_once(grace: Person) -> None:
    body = {"last_name": 1, "email": "x", "phone": "x", "birthday": "x", "age": 36}

    response = await grace.post("/api/contacts/", json=body)

    assert await pointers(response) == {"/last_name", "/email", "/phone", "/birthday", "/age"}


async def test_reading(ada: Person) -> None:
    response = await ada.get(ONE)

    assert response.status == 200
    assert fields(await response.json()) == ADA
    assert response.headers["Cache-Control"] == "private, no-cache"


async def test_replacing_gives_missing_fields_their_default(ada: Person) -> None:
    before = await (await ada.get(ONE)).json()

    response = await ada.put(ONE, json={"first_name": "Augusta"})

    assert response.status == 200
    after = await response.json()
    assert fields(after) == BARE | {"first_name": "Augusta"}
    assert (after["id"], after["created_at"]) == (before["id"], before["created_at"])
    assert after["updated_at"] > before["updated_at"]
    assert await (await ada.get(ONE)).json() == after


@pytest.mark.parametrize(
    "content_type",
    ["application/json", "application/merge-patch+json", "application/JSON; charset=utf-8"],
)
async def test_a_patch_changes_what_it_names(ada: Person, content_type: str) -> None:
    before = await (await ada.get(ONE)).json()
    patch = b'{"last_name": "King", "phone": null}'

    response = await ada.patch(ONE, data=patch, headers={"Content-Type": content_type})

    assert response.status == 200
    after = await response.json()
    assert fields(after) == ADA | {"last_name": "King", "phone": None}
    assert after["created_at"] == before["created_at"]
    assert after["updated_at"] > before["updated_at"]
    again = await ada.get(ONE)
    assert await again.json() == after
    assert again.headers["ETag"] == response.headers["ETag"]


@pytest.mark.parametrize("field", ["last_name", "email", "phone", "birthday", "notes"])
async def test_null_clears(ada: Person, field: str) -> None:
    response = await ada.patch(ONE, data=f'{{"{field}": null}}', headers=MERGE_PATCH)

    assert response.status == 200
    assert fields(await response.json()) == ADA | {field: BARE[field]}


async def test_an_empty_patch_changes_no_field(ada: Person) -> None:
    response = await ada.patch(ONE, data="{}", headers=MERGE_PATCH)

    assert response.status == 200
    assert fields(await response.json()) == ADA


@pytest.mark.parametrize("method", ["POST", "PUT"])
async def test_a_merge_patch_is_for_patch_alone(ada: Person, method: str) -> None:
    path = "/api/contacts/" if method == "POST" else ONE

    response = await ada.request(method, path, data=b'{"first_name": "A"}', headers=MERGE_PATCH)

    await problem(response, 415, "unsupported_media_type")


async def test_deleting(ada: Person) -> None:
    response = await ada.delete(ONE)

    assert response.status == 204
    assert await response.read() == b""
    await problem(await ada.get(ONE), 404, "not_found")
    await problem(await ada.delete(ONE), 404, "not_found")
    await problem(await ada.put(ONE, json=ADA), 404, "not_found")
    await problem(await ada.patch(ONE, json={}), 404, "not_found")


async def test_of_many_deletions_at_once_one_succeeds(ada: Person) -> None:
    answers = await asyncio.gather(*(ada.delete(ONE) for _ in range(10)))

    assert sorted(answer.status for answer in answers) == [204] + [404] * 9
