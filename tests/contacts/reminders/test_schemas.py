"""What a setting of birthday reminders may be."""

from typing import Any

import asyncpg
import pytest

from tests.conftest import Person, pointers
from tests.contacts.reminders.support import KYIV, PATH, put


async def test_days_are_kept_in_order_and_each_once(grace: Person) -> None:
    assert (await put(grace, days_before=[60, 7, 0, 7, 60]))["days_before"] == [0, 7, 60]


async def test_what_is_left_out_takes_its_default(grace: Person) -> None:
    await put(grace, **KYIV)

    expected = {"days_before": [0], "hour": 8, "tz": "UTC", "enabled": True}
    assert await put(grace) == expected
    assert await put(grace, enabled=False) == expected | {"enabled": False}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"days_before": []}, "/days_before"),
        ({"days_before": list(range(11))}, "/days_before"),
        ({"days_before": [0, 61]}, "/days_before/1"),
        ({"days_before": [-1]}, "/days_before/0"),
        ({"days_before": [True]}, "/days_before/0"),
        ({"days_before": ["7"]}, "/days_before/0"),
        ({"days_before": [1.5]}, "/days_before/0"),
        ({"days_before": 7}, "/days_before"),
        ({"days_before": None}, "/days_before"),
        ({"hour": 24}, "/hour"),
        ({"hour": -1}, "/hour"),
        ({"hour": 10**30}, "/hour"),
        ({"hour": False}, "/hour"),
        ({"hour": None}, "/hour"),
        ({"tz": "Kyiv"}, "/tz"),
        ({"tz": "../etc/passwd"}, "/tz"),
        ({"tz": ""}, "/tz"),
        ({"enabled": "yes"}, "/enabled"),
        ({"enabled": None}, "/enabled"),
        ({"minute": 30}, "/minute"),
    ],
)
async def test_what_does_not_fit_is_named(
    grace: Person, pg: asyncpg.Connection, body: dict[str, Any], pointer: str
) -> None:
    assert await pointers(await grace.put(PATH, json=body)) == {pointer}
    assert await pg.fetchval("SELECT count(*) FROM birthday_reminders") == 0
