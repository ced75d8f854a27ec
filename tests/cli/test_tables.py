"""Lists as commands print them: aligned for people, whole as JSON for programs."""

import asyncio
from datetime import UTC, datetime
from typing import Any

import click
import orjson
import pytest
from click.testing import CliRunner

from contactsvc.cli import users
from contactsvc.cli.tables import Table, all_pages, as_json
from contactsvc.platform.database.keysets import Page, Position
from tests.cli.support import Command, add_account, done

TIME = datetime(2024, 2, 29, 13, 5, 59, tzinfo=UTC)
ROWS: list[dict[str, Any]] = [
    {"id": 1, "name": "Ada Lovelace", "is_active": True, "created_at": TIME, "more": "x"},
    {"id": 20, "name": "", "is_active": False, "created_at": None, "more": "y"},
]


@click.command()
@as_json
def show(table: Table) -> None:
    for row in ROWS:
        table.add(row)
    table.show(["id", "name", "is_active", "created_at"])


def test_people_get_aligned_columns() -> None:
    assert done(CliRunner().invoke(show)).splitlines() == [
        "ID  NAME          IS_ACTIVE  CREATED_AT",
        "1   Ada Lovelace  yes        2024-02-29 13:05",
        "20                no         -",
    ]


def test_programs_get_every_field_as_the_api_writes_it() -> None:
    assert orjson.loads(done(CliRunner().invoke(show, ["--json"]))) == [
        ROWS[0] | {"created_at": "2024-02-29T13:05:59Z"},
        ROWS[1],
    ]


def test_what_has_fields_of_its_own_is_shown_in_one_column(
    capsys: pytest.CaptureFixture[str],
) -> None:
    table = Table(json=False)
    table.add({"data": {"role": "admin", "session_ids": [1, 2]}})
    table.show(["data"])
    assert capsys.readouterr().out == 'DATA\n{"role":"admin","session_ids":[1,2]}\n'


@pytest.mark.parametrize(("count", "asked"), [(0, [None]), (2, [None]), (5, [None, [2], [4]])])
def test_pages_are_asked_for_until_there_is_none(count: int, asked: list[Position]) -> None:
    positions: list[Position] = []

    async def page(after: Position) -> Page[int]:
        positions.append(after)
        rest = list(range(1, count + 1))[after[0] if after else 0 :]
        return Page(rest[:2], rest[1:2] if len(rest) > 2 else None)

    async def gathered() -> list[int]:
        return [row async for row in all_pages(page)]

    assert asyncio.run(gathered()) == list(range(1, count + 1))
    assert positions == asked


@pytest.mark.usefixtures("pg")
def test_a_name_cannot_steer_the_terminal(command: Command, postgres_url: str) -> None:
    add_account(postgres_url, "ada@example.com", "\x1b[2J\nroot\u202e\x9b")
    text = done(command("users", "list"))
    assert len(text.splitlines()) == 2
    assert all(char.isprintable() for char in text.replace("\n", ""))


@pytest.mark.usefixtures("pg")
def test_a_long_list_is_whole(
    command: Command, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(users, "PAGE", 2)
    for number in range(5):
        add_account(postgres_url, f"user{number}@example.com")
    listed = orjson.loads(done(command("users", "list", "--json")))
    assert [user["id"] for user in listed] == [1, 2, 3, 4, 5]


@pytest.mark.usefixtures("pg")
def test_nobody_is_a_list_too(command: Command) -> None:
    assert orjson.loads(done(command("users", "list", "--json"))) == []
    assert done(command("users", "list")).split()[0] == "ID"
