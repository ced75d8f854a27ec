"""What the architecture's page says a request passes is there, and in that order."""

import importlib
import re
from operator import attrgetter
from pathlib import Path

import pytest

from contactsvc.app import MIDDLEWARES

PAGE = (Path(__file__).parents[2] / "docs" / "explanation" / "architecture.rst").read_text()
HOPS = re.findall(r"``([A-Za-z_.]+)``\s+\(``([a-z_/]+)\.py``\)", PAGE)
"""Names and modules, as they are written: ``json_response`` (``web/view.py``)."""


@pytest.mark.parametrize(("name", "module"), sorted(set(HOPS)))
def test_every_hop_that_is_named_is_there(name: str, module: str) -> None:
    found = importlib.import_module(f"contactsvc.{module.replace('/', '.')}")

    assert attrgetter(name)(found)


def test_the_middleware_is_named_in_its_order() -> None:
    beginning = HOPS[: len(MIDDLEWARES)]

    assert [name for name, _ in beginning] == [each.__name__ for each in MIDDLEWARES]


@pytest.mark.parametrize("walk", ["List contacts", "Sign in", "Reset mail", "Avatar"])
def test_every_step_of_a_walk_names_a_hop(walk: str) -> None:
    section = re.split(rf"\n{walk}\n~+\n", PAGE)[1].split("\n~~~~")[0]
    steps = re.findall(r"^(?:#|[0-9])\. (.*(?:\n   .*)*)", section, re.MULTILINE)

    assert len(steps) > 5
    assert [step for step in steps if not re.search(r"\(``[a-z_/]+\.py``\)", step)] == []
