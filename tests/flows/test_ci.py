"""CI on one machine and CI on the forge do the same, on what the service says that it supports."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW = ROOT / ".github" / "workflows" / "check.yml"

MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")


@pytest.fixture(scope="module")
def jobs() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text())["jobs"]
    return found


def commands(text: str) -> str:
    return re.sub(r"#.*", "", text)


def test_both_make_the_same_targets(jobs: dict[str, Any]) -> None:
    steps = [step.get("run", "") for job in jobs.values() for step in job["steps"]]

    there = MAKE.findall("\n".join(steps))

    assert sorted(there) == sorted(MAKE.findall(commands((ROOT / ".ci" / "run").read_text())))


def test_every_python_that_is_promised_is_tried(jobs: dict[str, Any]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    promised = re.findall(r"Python :: (3\.\d+)", "\n".join(project["classifiers"]))

    for name in ("check", "test"):
        assert jobs[name]["strategy"]["matrix"]["python"] == promised


def test_servers_are_those_of_compose(jobs: dict[str, Any]) -> None:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]

    for name, service in jobs["test"]["services"].items():
        assert service["image"] == compose[name]["image"]


def test_every_target_is_one_of_the_makefile(jobs: dict[str, Any]) -> None:
    """Also those of the hooks and of the pages at the root."""
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    pages = [ROOT / name for name in ("README.md", "CONTRIBUTING.md")]
    named = MAKE.findall((ROOT / ".pre-commit-config.yaml").read_text())
    for page in pages:
        named += re.findall(r"(?:`| {4})make ([a-z-]+)", page.read_text())

    assert set(named) <= targets


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", "SECURITY.md"])
def test_links_of_the_pages_at_the_root_lead_somewhere(page: str) -> None:
    links = re.findall(
        r"\]\(([^)]+)\)|<(?:a|img)[^>]+(?:href|src)=\"([^\"]+)\"", (ROOT / page).read_text()
    )
    paths = [each for pair in links for each in pair if each and "://" not in each]

    assert paths
    assert [path for path in paths if not (ROOT / path).exists()] == []
