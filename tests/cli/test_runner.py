"""A command's work has the services and the database, and refusals are for a person."""

import asyncio
import gc
from pathlib import Path

import click
import pytest
from tortoise.connection import get_connection

from contactsvc.assembly import Services
from contactsvc.cli.runner import run
from contactsvc.platform.errors import NotFound
from contactsvc.platform.memory import COLLECT_AFTER
from tests.cli.conftest import KEY

BY_REQUEST = "cannot schedule new futures after shutdown"


@pytest.fixture(autouse=True)
def _environment(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    values = {"DATABASE_URL": postgres_url, "SECRET_KEY": KEY, "DEFAULT_REGION": "GB"}
    for name, value in values.items():
        monkeypatch.setenv(name, value)


def test_the_result_is_that_of_the_work_and_what_was_opened_is_closed() -> None:
    held: list[Services] = []

    async def work(services: Services) -> str:
        held.append(services)
        rows = await get_connection("default").execute_query_dict("SELECT 7 AS number")
        return f"{services.settings.default_region} {rows[0]['number']}"

    assert run(work) == "GB 7"
    with pytest.raises(RuntimeError, match=BY_REQUEST):
        asyncio.run(held[0].passwords.hash("correct horse battery staple"))


def test_what_is_refused_is_told_in_a_sentence() -> None:
    async def work(services: Services) -> None:
        raise NotFound

    with pytest.raises(click.ClickException, match=str(NotFound())):
        run(work)


def test_settings_that_do_not_fit_are_told_before_any_work(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PORT", "x")

    async def work(services: Services) -> None:
        raise AssertionError

    with pytest.raises(click.ClickException, match="PORT: "):
        run(work)


def test_a_command_collects_as_seldom_as_the_service_and_sets_back_what_was() -> None:
    before = gc.get_threshold()

    async def work(services: Services) -> tuple[int, int, int]:
        return gc.get_threshold()

    assert run(work) == (COLLECT_AFTER, *before[1:])
    assert gc.get_threshold() == before
