"""The mail of docs/how-to/add-a-mail.rst, added in a copy of the project."""

from pathlib import Path

import pytest

from tests.support.walks import places, run_tests, walk

PAGE = "add-a-mail.rst"
MOST_PLACES = 4
ASKS = "contactsvc/accounts/administration/service.py"
"""Asks for the mail, which is not one of its places."""
MODULES = (
    "tests/accounts/administration/test_views_mail.py",
    "tests/test_layout.py",
    "tests/accounts/administration/test_service.py",
    "tests/accounts/test_mail_composer.py",
    "tests/mail/test_model.py",
    "tests/mail/test_renderer.py",
    "tests/platform/database/test_migrations.py",
)
SELECTED = "role or named_for or kind or notice or mails or template or page or no_model_waits"
"""Words in the names of those of their tests that a new mail could fail, for ``pytest -k``."""


def test_a_mail_takes_few_places() -> None:
    found = places(PAGE)
    assert found.count(ASKS) == 1
    found.remove(ASKS)
    assert 0 < len(found) <= MOST_PLACES, found


@pytest.mark.process
def test_the_mail_is_there(tmp_path: Path, postgres_url: str) -> None:
    walk(PAGE, tmp_path)

    run_tests(tmp_path, SELECTED, *MODULES, TEST_DATABASE_URL=postgres_url)
