"""The field of docs/how-to/change-a-model.rst, added in a copy of the project."""

from pathlib import Path

import pytest

from tests.support.walks import places, run, run_tests, walk

PAGE = "change-a-model.rst"
MOST_PLACES = 3
"""Beside its tests and its migration."""
MODULES = (
    "tests/contacts/test_views_pronouns.py",
    "tests/test_layout.py",
    "tests/contacts/schemas/test_bodies.py",
    "tests/contacts/schemas/test_answers.py",
    "tests/platform/database/test_migrations.py",
)
SELECTED = (
    "pronouns or named_for or no_model_waits or taken_back_whole or in_their_order or patch"
    " or an_answer"
)
"""Words in the names of those of their tests that a new field could fail, for ``pytest -k``."""


def test_a_field_takes_few_places() -> None:
    assert 0 < len(places(PAGE)) <= MOST_PLACES, places(PAGE)


@pytest.mark.process
def test_the_field_is_there(tmp_path: Path, postgres_url: str) -> None:
    walk(PAGE, tmp_path)
    run(tmp_path, "aerich", "migrate", "--offline", "--name", "add_pronouns")

    run_tests(tmp_path, SELECTED, *MODULES, TEST_DATABASE_URL=postgres_url)
