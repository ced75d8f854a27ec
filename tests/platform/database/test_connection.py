"""How Tortoise is told where PostgreSQL is."""

from urllib.parse import urlsplit

import asyncpg
import pytest
from tortoise import Tortoise
from tortoise.context import get_current_context

from contactsvc.platform.database.connection import database, tortoise_config
from tests.support.database import OPEN, until_none_is_open

pytestmark = pytest.mark.own_app


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_both_names_of_the_scheme_are_one(scheme: str) -> None:
    config = tortoise_config(f"{scheme}://user:pass%20word@db.example.com:5433/book")
    credentials = config["connections"]["default"]["credentials"]
    expected = {"user": "user", "password": "pass word", "port": 5433, "database": "book"}
    assert expected.items() <= credentials.items()
    assert credentials["host"] == "db.example.com"


def test_the_folder_of_the_socket_may_follow() -> None:
    config = tortoise_config("postgres://u@/book?host=%2Frun%2Fpg")
    assert config["connections"]["default"]["credentials"]["host"] == "/run/pg"


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer", "require"])
def test_the_mode_of_encryption_reaches_asyncpg_as_it_was_set(mode: str) -> None:
    config = tortoise_config(f"postgres://u@h/book?ssl={mode}")
    assert config["connections"]["default"]["credentials"]["ssl"] == mode


def test_the_pool_is_as_large_as_it_is_told() -> None:
    config = tortoise_config("postgres://u@h/book", pool_size=7)
    assert config["connections"]["default"]["credentials"]["maxsize"] == 7


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
async def test_a_pool_is_open_inside_and_closed_after(
    postgres_url: str, pg: asyncpg.Connection, scheme: str
) -> None:
    url = urlsplit(postgres_url)._replace(scheme=scheme).geturl()
    await until_none_is_open(pg)
    async with database(url) as context:
        assert (await context.db().execute_query("SELECT 1"))[0] == 1
        assert await pg.fetchval(OPEN) == 1
    await until_none_is_open(pg)


async def test_two_databases_may_be_open_one_after_the_other(postgres_url: str) -> None:
    for _ in range(2):
        async with database(postgres_url) as context:
            assert (await context.db().execute_query("SELECT 1"))[0] == 1
            assert Tortoise._inited


async def test_a_pool_stays_open_while_another_one_comes_and_goes(postgres_url: str) -> None:
    async with database(postgres_url) as outer:
        async with database(postgres_url) as inner:
            assert get_current_context() is inner
            assert (await outer.db().execute_query("SELECT 1"))[0] == 1
        assert get_current_context() is outer
        assert (await outer.db().execute_query("SELECT 1"))[0] == 1
