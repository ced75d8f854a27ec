"""When somebody is told next, by what they have set and by what they have been told."""

from datetime import date

import asyncpg
import pytest

from tests.conftest import Person
from tests.contacts.reminders.support import KYIV, Freeze, due, put


@pytest.mark.parametrize(
    ("moment", "next_due"),
    [
        ("2026-12-10 05:59", "2026-12-10 06:00"),
        ("2026-12-10 06:01", "2026-12-11 06:00"),
        ("2026-03-28 07:00", "2026-03-29 05:00"),  # the clock goes forward in that night
    ],
)
async def test_it_is_due_at_the_next_such_hour(
    grace: Person, pg: asyncpg.Connection, freeze: Freeze, moment: str, next_due: str
) -> None:
    freeze(moment)
    await put(grace, **KYIV)
    assert await due(pg) == next_due


async def test_it_is_never_due_while_it_is_not_enabled(
    grace: Person, pg: asyncpg.Connection, freeze: Freeze
) -> None:
    freeze("2026-12-10 05:00")
    await put(grace, **KYIV)
    await put(grace, **KYIV | {"enabled": False})
    assert await due(pg) is None

    await put(grace, **KYIV)
    assert await due(pg) == "2026-12-10 06:00"


async def test_what_is_due_is_not_put_off_by_saying_the_same_again(
    grace: Person, pg: asyncpg.Connection, freeze: Freeze
) -> None:
    freeze("2026-12-10 05:00")
    await put(grace, **KYIV)

    freeze("2026-12-10 06:01")  # and nobody has looked yet
    await put(grace, **KYIV)
    assert await due(pg) == "2026-12-10 06:00"
    await put(grace, **KYIV | {"hour": 20})
    assert await due(pg) == "2026-12-10 18:00"


async def test_a_day_that_has_had_its_mail_gets_no_other(
    grace: Person, pg: asyncpg.Connection, freeze: Freeze
) -> None:
    freeze("2026-12-10 07:00")
    await put(grace, **KYIV)
    await pg.execute("UPDATE birthday_reminders SET last_sent_on = $1", date(2026, 12, 10))

    await put(grace, **KYIV | {"hour": 20})
    assert await due(pg) == "2026-12-11 18:00"
    # It is still the 9th there, but the mail of the 10th has been sent.
    await put(grace, **KYIV | {"tz": "Pacific/Pago_Pago"})
    assert await due(pg) == "2026-12-11 19:00"
    # And the 11th here already.
    freeze("2026-12-10 10:30")
    await put(grace, **KYIV | {"tz": "Pacific/Kiritimati"})
    assert await due(pg) == "2026-12-10 18:00"
