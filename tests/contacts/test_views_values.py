"""What the fields of a contact may be, and what is kept of it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contactsvc.platform.clock import today
from contactsvc.web.date_fields import EARLIEST_ZONE
from tests.conftest import Person, pointers
from tests.contacts.test_views import ONE, fields
from tests.support.over_http import ADA

FIRST = today(EARLIEST_ZONE)
"""The latest day that it is anywhere on earth."""


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
