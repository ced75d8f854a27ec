"""The documentation and .env.example leave nothing out, and say nothing that is not so."""

import importlib
import os
import re
import secrets
import sys
from collections.abc import Iterator
from dataclasses import MISSING, fields, replace
from pathlib import Path
from unittest import mock

import click
import orjson
import pytest

from contactsvc import cli
from contactsvc.accounts.app_passwords.service import MAX_APP_PASSWORDS
from contactsvc.accounts.sessions import repository as sessions
from contactsvc.platform.settings import SECRETS, SETTINGS, Settings, SettingsError, load_settings
from contactsvc.platform.settings.example import example
from contactsvc.routes import ROUTES
from contactsvc.web import bodies, connections, uploads
from contactsvc.web.middleware import bounded_connection
from contactsvc.web.openapi import build_document
from contactsvc.web.problems import PROBLEMS
from tests.cli.support import commands_of

ROOT = Path(__file__).parents[2]
REFERENCE = ROOT / "docs" / "reference"
EXAMPLE = ROOT / ".env.example"

ROW = re.compile(r"^   \* - ``(.+?)``(.*)\n((?:     .*\n|\n(?=     ))*)", re.MULTILINE)
CELL = re.compile(r"^     - ", re.MULTILINE)
ASSIGNMENT = re.compile(r"^#([A-Z_]+)=(.*)$", re.MULTILINE)


def table(page: str) -> dict[str, list[str]]:
    """Return the rows of a page's tables: the first cell, and the others without markup."""
    return rows((REFERENCE / f"{page}.rst").read_text())


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of tables in reStructuredText, as ``table`` does."""
    return {
        name: [" ".join(cell.replace("``", "").split()) for cell in CELL.split(rest)[1:]]
        for name, _, rest in ROW.findall(text)
    }


def defaults() -> dict[str, str]:
    """Return every setting as it would be written into the environment; empty is unset."""
    return {
        field.name.upper(): "" if field.default in (MISSING, None, ()) else written(field.default)
        for field in fields(Settings)
    }


def written(value: object) -> str:
    if isinstance(value, tuple):
        return ",".join(map(str, value))
    return str(value).lower() if isinstance(value, bool) else str(value)


@pytest.fixture
def bare_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An environment that sets nothing, and that forgets what a file has set in it."""
    monkeypatch.chdir(tmp_path)
    with mock.patch.dict(os.environ, clear=True):
        yield


@pytest.fixture
def settings_tables(monkeypatch: pytest.MonkeyPatch) -> str:
    """What Sphinx shows of the settings, as reStructuredText."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    return f"{importlib.import_module('_ext.settings_table').settings_tables()}\n"


def test_the_reference_shows_the_settings() -> None:
    assert "\n.. settings::\n" in (REFERENCE / "settings.rst").read_text()


def test_the_reference_has_every_setting_with_its_default(settings_tables: str) -> None:
    told = {n: "" if row[1] == "unset" else row[1] for n, row in rows(settings_tables).items()}

    assert told == defaults()


def test_the_reference_and_the_example_tell_all_that_is_said(settings_tables: str) -> None:
    row_of, lines = rows(settings_tables), example().replace("\n# ", " ").casefold()
    for setting in SETTINGS:
        said = (setting.kind.words, setting.help, setting.default_in_words, setting.more)
        kind, about, default, more = (text.replace("``", "") for text in said)
        assert row_of[setting.variable][0] == kind
        assert row_of[setting.variable][2] == " ".join(filter(None, (about, default, more)))
        assert " ".join(filter(None, (about, f"{kind}.", default))).casefold() in lines


def test_the_reference_marks_the_settings_that_may_come_from_a_file(settings_tables: str) -> None:
    marked = {name for name, mark, _ in ROW.findall(settings_tables) if mark.strip() == r"\*"}

    assert marked == set(SECRETS)


def test_the_example_is_made_of_the_settings() -> None:
    assert EXAMPLE.read_text() == example(), "`make env-example` writes it anew"


def test_the_example_has_every_setting_with_its_default() -> None:
    assert dict(ASSIGNMENT.findall(EXAMPLE.read_text())) == defaults()


@pytest.mark.usefixtures("bare_environment")
def test_a_copy_of_the_example_changes_nothing() -> None:
    assert load_settings(EXAMPLE) == load_settings(None)


@pytest.mark.usefixtures("bare_environment")
def test_the_example_means_the_defaults_when_it_is_uncommented(tmp_path: Path) -> None:
    expected = load_settings(None)
    uncommented = tmp_path / "uncommented"
    uncommented.write_text(ASSIGNMENT.sub(r"\1=\2", EXAMPLE.read_text()))

    settings = load_settings(uncommented)

    assert settings == expected
    # Loaded settings differ from the bare defaults only where those are completed.
    assert replace(settings, data_dir=Settings.data_dir) == Settings(secret_key=settings.secret_key)


@pytest.mark.usefixtures("bare_environment")
@pytest.mark.parametrize(
    ("name", "low", "high"),
    [
        (setting.variable, int(bounds[1]), int(bounds[2]))
        for setting in SETTINGS
        if (bounds := re.fullmatch(r"integer, (\d+) to (\d+)( \w+)?", setting.kind.words))
    ],
)
def test_the_ranges_in_the_reference_are_those_of_the_code(
    monkeypatch: pytest.MonkeyPatch, name: str, low: int, high: int
) -> None:
    # Workers that share nothing would be refused whatever their number.
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1")
    monkeypatch.setenv("SECRET_KEY", secrets.token_urlsafe(48))

    def fits(value: int) -> bool:
        monkeypatch.setenv(name, str(value))
        try:
            return bool(getattr(load_settings(None), name.lower()) == value)
        except SettingsError:
            return False

    assert [fits(value) for value in (low - 1, low, high, high + 1)] == [False, True, True, False]


def test_the_pages_tell_the_bounds_of_the_code(subtests: pytest.Subtests) -> None:
    explanation = ROOT / "docs" / "explanation"
    body_timeout = sys.modules["contactsvc.web.middleware.validation"].BODY_TIMEOUT
    told = {
        "rules": (
            f"must have come within {body_timeout:g} seconds, an upload within {uploads.TIMEOUT:g}",
            f"(of {bodies.MAX_MEMBERS} members at the most)",
            f"headers have up to {bounded_connection.HEADER_BLOCK / 1024:g} KiB together",
            f"must have come within {bounded_connection.HEADER_SECONDS:g} seconds",
            f"{sessions.MAX_SESSIONS} sessions at a time, and {MAX_APP_PASSWORDS} app passwords",
        ),
        "threats": (
            f"{bounded_connection.HEADER_BLOCK / 1024:g} KiB each, and"
            f" {connections.MAX_PENDING / 1024**2:g} MiB in a process",
            f"{bounded_connection.HEADER_SECONDS:g} seconds for a header block",
        ),
        "asvs": (f"a form of {uploads.MAX_LINES} lines beside the file",),
    }
    for name, sentences in told.items():
        page = " ".join((explanation / f"{name}.rst").read_text().split())
        for words in sentences:
            with subtests.test(page=name, words=words):
                assert words in page


def test_the_reference_has_every_error_code_with_its_status() -> None:
    told = {code: row[0] for code, row in table("errors").items()}

    assert told == {code: str(problem.status) for code, problem in PROBLEMS.items()}


def test_the_reference_has_every_call_and_says_which_are_public() -> None:
    told = {call: row[0].startswith("*Public.*") for call, row in table("http").items()}

    document = orjson.loads(build_document(ROUTES))
    assert told == {
        f"{method.upper()} {path}": not operation["security"] or {} in operation["security"]
        for path, item in document["paths"].items()
        for method, operation in item.items()
    }


def test_the_reference_has_every_command_and_option() -> None:
    text = (REFERENCE / "cli.rst").read_text()
    sections = re.split(r"^``contactsvc ([a-z -]+)``\n-+$", text, flags=re.MULTILINE)
    terms = re.compile(r"^``-.*", re.MULTILINE)
    told = {
        name: set(re.findall(r"``(--[a-z-]+)``", " ".join(terms.findall(section))))
        for name, section in zip(sections[1::2], sections[2::2], strict=True)
    }
    told[sections[-2]] -= {"--version", "--help"}  # what all commands have comes last

    assert told == {
        name: {
            option
            for parameter in command.params
            for option in (*parameter.opts, *parameter.secondary_opts)
            if option.startswith("--")
        }
        for name, command in leaf_commands(cli.main)
    }


def leaf_commands(group: click.Group, above: str = "") -> Iterator[tuple[str, click.Command]]:
    for name, command in commands_of(group):
        if isinstance(command, click.Group):
            yield from leaf_commands(command, f"{above}{name} ")
        else:
            yield above + name, command


def test_the_reference_has_every_module(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(ROOT / "docs")
    module_names = importlib.import_module("_ext.module_names").module_names
    shown = re.compile(r"^\.\. modules:: (\S+)(\n   :flat:)?$", re.MULTILINE)
    told = [
        module
        for page in (REFERENCE / "python").glob("*.rst")
        for package, flat in shown.findall(page.read_text())
        for module in module_names(package, flat=bool(flat))
    ]

    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")
        for path in (ROOT / "contactsvc").rglob("*.py")
        if path.stem != "__main__"
    }
    assert sorted(told) == sorted(modules)
