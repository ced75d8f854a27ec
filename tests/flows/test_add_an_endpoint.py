"""The call of docs/how-to/add-an-endpoint.rst, added in a copy of the project."""

from pathlib import Path

import pytest

from tests.support.walks import run_tests, walk

MODULES = (
    "tests/contacts/test_views_organizations.py",
    "tests/test_layout.py",
    "tests/flows/test_access_matrix.py",
    "tests/web/test_openapi_document.py",
    "tests/flows/test_documentation.py",
)
SELECTED = "organizations or every or nobody or signed_in or valid or reference"
"""Words in the names of those of their tests that a new call could fail, for ``pytest -k``."""


@pytest.mark.process
def test_the_call_is_there(tmp_path: Path, postgres_url: str) -> None:
    walk("add-an-endpoint.rst", tmp_path)

    run_tests(tmp_path, SELECTED, *MODULES, TEST_DATABASE_URL=postgres_url)
