"""The reference tells the columns of CSV files as the reader knows them."""

import importlib
import re
from pathlib import Path

import pytest

from contactsvc.contacts.transfer.csv.headers import LANGUAGES, key
from contactsvc.contacts.transfer.csv.layout import HEADER
from contactsvc.contacts.transfer.csv.targets import parsed

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "csv-columns.rst"


@pytest.fixture
def tables(monkeypatch: pytest.MonkeyPatch) -> str:
    """What Sphinx shows, as reStructuredText."""
    monkeypatch.syspath_prepend(ROOT / "docs")
    return f"{importlib.import_module('_ext.csv_columns_table').csv_columns_tables()}\n"


def test_the_page_shows_the_tables() -> None:
    assert "\n.. csv-columns::\n" in PAGE.read_text()


def test_every_name_of_every_language_is_told(tables: str) -> None:
    sections = re.split(r"Names in (\w+)\n", tables)
    told = dict(zip(sections[1::2], sections[2::2], strict=True))

    assert list(told) == [language.name for language in LANGUAGES]
    for language in LANGUAGES:
        rows = re.findall(r"\* - ``(.+)``\n +- (.+)", told[language.name])
        names = [name for _, names in rows for name in names.split(" · ")]
        assert {key(name) for name in names} == set(language.targets)


def test_every_column_of_an_export_is_told_once(tables: str) -> None:
    own = tables.partition("Names in")[0]

    told = re.findall(r"``([a-z]\w*)``", own.replace("of ``", ""))
    assert set(told) == {name for name in HEADER if not re.search(r"[a-z]_[23](_|$)", name)} | {
        name for name in HEADER if name.startswith("more_json")
    }


def test_the_examples_of_mappings_are_read() -> None:
    text = PAGE.read_text()
    said = text[text.index("A mapping") : text.index("Names that follow")]
    parts = ("Column:field", "street_2", "street_3", "formatted")

    for example in re.findall(r"``(.+?)``", said):
        if example not in parts:
            assert str(parsed(example)) == example
