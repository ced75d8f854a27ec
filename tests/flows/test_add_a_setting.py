"""The setting of docs/how-to/add-a-setting.rst, added in a copy of the project."""

from pathlib import Path

import pytest

from tests.support.walks import run, run_tests, walk

MODULES = (
    "tests/platform/settings/test_environment.py::test_everything_can_be_set",
    "tests/platform/settings/test_setting.py",
    "tests/platform/settings/test_example.py",
    "tests/flows/test_documentation.py",
)
SELECTED = "setting or example or everything"
"""Words in the names of those of their tests that a new setting could fail, for ``pytest -k``."""


@pytest.mark.process
def test_the_setting_is_there(tmp_path: Path) -> None:
    walk("add-a-setting.rst", tmp_path)

    (tmp_path / ".env.example").write_text(run(tmp_path, "contactsvc.platform.settings.example"))

    assert "\n#MAIL_REPLY_TO=\n" in (tmp_path / ".env.example").read_text()
    run_tests(tmp_path, SELECTED, *MODULES)
