"""Whose birthdays a secret is for, and how they are read."""

import asyncpg
import pytest

from contactsvc.accounts.app_passwords.secret import new_password, read_password
from contactsvc.contacts.birthdays.feed.repository import birthdays, find
from tests.conftest import Person

ADD = "INSERT INTO feed_secrets (user_id, digest, created_at) VALUES ($1, $2, now())"


@pytest.mark.usefixtures("orm")
async def test_a_secret_is_its_users_alone(grace: Person, pg: asyncpg.Connection) -> None:
    grace_id = await pg.fetchval("SELECT id FROM users")
    secret = read_password(new_password(grace_id))
    assert secret is not None
    assert await find(secret) is None
    await pg.execute(ADD, grace_id, secret.digest)

    assert await find(secret) == 0  # there is no book yet
    await grace.add_contact()
    assert await find(secret) == 1
    assert await find(secret._replace(user_id=grace_id + 1)) is None
    assert await find(secret._replace(digest="0" * 64)) is None


@pytest.mark.usefixtures("orm")
async def test_names_are_made_of_the_columns_of_today(
    grace: Person, pg: asyncpg.Connection
) -> None:
    """An older release that goes on beside this one may have left another display_name."""
    await grace.add_contact(first_name="Ada", birthday="1990-12-10")
    await pg.execute("UPDATE contacts SET display_name = 'older'")

    [[born]] = [page async for page in birthdays(await pg.fetchval("SELECT id FROM users"))]

    assert (born.name, born.birthday) == ("Ada", "1990-12-10")
    assert born.updated_at == await pg.fetchval("SELECT updated_at FROM contacts")
