"""The filter of docs/how-to/add-a-filter.rst, added in a copy of the project."""

from pathlib import Path

import pytest

from tests.support.walks import places, run_tests, walk

PAGE = "add-a-filter.rst"
MOST_PLACES = 2
MODULES = (
    "tests/accounts/administration/test_views_avatar.py",
    "tests/test_layout.py",
    "tests/web/test_listing.py",
    "tests/accounts/administration/test_schemas.py",
    "tests/flows/test_after_an_update.py",
    "tests/flows/test_bad_parameters.py",
)
SELECTED = "avatar or named_for or listing or does_not_fit or asked or cursors_are"
"""Words in the names of those of their tests that a new filter could fail, for ``pytest -k``."""


def test_a_filter_takes_few_places() -> None:
    assert 0 < len(places(PAGE)) <= MOST_PLACES, places(PAGE)


@pytest.mark.process
def test_the_filter_is_there(tmp_path: Path, postgres_url: str) -> None:
    walk(PAGE, tmp_path)

    run_tests(tmp_path, SELECTED, *MODULES, TEST_DATABASE_URL=postgres_url)
