"""Of registrations that are made and confirmed at once, whoever confirms has the e-mail alone."""

import asyncpg

from tests.conftest import Client, problem
from tests.flows.test_pre_hijacking import EMAIL, OWNERS, PROGRAM, STRANGERS, login, register
from tests.support.locks import race
from tests.support.mailbox import Mailbox


async def test_of_two_registrations_confirmed_at_once_one_has_the_e_mail(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Everybody waits for the first account's row, and then goes on."""
    passwords = [f"number {number} of the passwords" for number in range(4)]
    links = []
    for password in passwords:
        await register(client, password, name=password)
        links.append(await mailbox.link(EMAIL))

    calls = (client.get(path, headers=PROGRAM) for path in links)
    # One waits for the account, the others for their turn to delete it.
    answers = await race(pg, postgres_url, "SELECT FROM users FOR UPDATE", *calls)

    statuses = [answer.status for answer in answers]
    assert sorted(statuses) == [200, 400, 400, 400]
    winner = passwords[statuses.index(200)]
    [user] = await pg.fetch("SELECT name, confirmed FROM users")
    assert tuple(user) == (winner, True)
    for password in passwords:
        assert await login(client, password) == (200 if password == winner else 401)
    assert await pg.fetchval("SELECT count(*) FROM registrations") == 0


async def test_registrations_without_an_account_take_turns_as_well(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection, postgres_url: str
) -> None:
    links = []
    for number in range(3):
        await register(client, f"number {number} of the passwords")
        links.append(await mailbox.link(EMAIL))
    await pg.execute("DELETE FROM users")
    calls = (client.get(path, headers=PROGRAM) for path in links)
    held = "SELECT FROM registrations ORDER BY id LIMIT 1 FOR UPDATE"
    answers = await race(pg, postgres_url, held, *calls)
    assert sorted(answer.status for answer in answers) == [200, 400, 400]


async def test_a_registration_that_goes_at_that_moment_confirms_nothing(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection, postgres_url: str
) -> None:
    """Another was confirmed, and its account deleted, while this one waited for its turn."""
    await register(client, STRANGERS)
    path = await mailbox.link(EMAIL)
    turn = f"SELECT pg_advisory_xact_lock(hashtextextended('{EMAIL}', 0))"
    [answer] = await race(
        pg,
        postgres_url,
        turn,
        client.get(path, headers=PROGRAM),
        meanwhile=lambda: pg.execute("DELETE FROM users; DELETE FROM registrations"),
    )
    await problem(answer, 400, "invalid_token")
    assert await pg.fetchval("SELECT count(*) FROM users") == 0


async def test_a_registration_during_a_confirmation_confirms_nothing(
    client: Client, mailbox: Mailbox, pg: asyncpg.Connection
) -> None:
    """Its link was mailed before the other was committed, so the row may outlive it."""
    await register(client, OWNERS)
    path = await mailbox.link(EMAIL)
    await register(client, STRANGERS)
    late = await mailbox.link(EMAIL)
    row = await pg.fetchrow("SELECT * FROM registrations ORDER BY id DESC")
    assert (await client.get(path, headers=PROGRAM)).status == 200
    columns, values = ", ".join(row.keys()), ", ".join(f"${n + 1}" for n in range(len(row)))
    statement = f"INSERT INTO registrations ({columns}) VALUES ({values})"
    await pg.execute(statement, *row.values())

    await problem(await client.get(late, headers=PROGRAM), 400, "invalid_token")
    assert await login(client, STRANGERS) == 403
    assert await login(client, OWNERS) == 200
