"""requirements/ is the lock of what pyproject.toml asks for; docs/how-to/renew-the-lock.rst."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
ASKED: dict[str, list[str]] = {
    "service": PROJECT["project"]["dependencies"],
    **PROJECT["project"]["optional-dependencies"],
    **PROJECT["dependency-groups"],
}
"""What each file of the lock is for, and the ranges that pyproject.toml gives for it."""

PIN = re.compile(r"^(\S+==\S+(?: ;.*?)?) \\\n((?:    --hash=\S+(?: \\)?\n)+)", re.MULTILINE)


def text(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


def pins(name: str) -> list[Requirement]:
    return [Requirement(pin) for pin, _ in PIN.findall(text(name))]


def test_there_is_a_file_for_the_service_for_each_extra_and_for_each_group() -> None:
    files = (ROOT / "requirements").iterdir()

    assert sorted(file.name for file in files) == sorted(f"{name}.txt" for name in ASKED)


@pytest.mark.parametrize("name", ASKED)
def test_everything_is_pinned_within_its_range(name: str) -> None:
    locked = pins(name) + (
        pins("service") if name in PROJECT["project"]["optional-dependencies"] else []
    )
    for asked in map(Requirement, ASKED[name]):
        found = [pin for pin in locked if pin.name == canonicalize_name(asked.name)]
        assert found, f"{asked.name}: make lock"
        for pin in found:
            [exact] = pin.specifier
            assert asked.specifier.contains(exact.version), f"{pin} is not {asked}: make lock"


@pytest.mark.parametrize("name", ASKED)
def test_every_pin_has_its_hashes(name: str) -> None:
    rest = PIN.sub("", text(name)).split("\n")

    assert pins(name)
    assert [line for line in rest if line and not line.lstrip().startswith("#")] == []


def test_the_files_agree() -> None:
    """Whatever is installed together: one version of each library, for each Python."""
    versions: dict[tuple[str, str], set[str]] = {}
    for name in ASKED:
        for pin in pins(name):
            versions.setdefault((pin.name, str(pin.marker)), set()).add(str(pin.specifier))

    assert {key: found for key, found in versions.items() if len(found) > 1} == {}


def test_no_index_and_no_folder_of_a_machine_is_named() -> None:
    for name in ASKED:
        assert not re.search(r"://|^-|(?<![\w-])/\w|index-url", text(name), re.MULTILINE), name


def test_the_package_is_built_by_what_is_locked() -> None:
    assert set(PROJECT["build-system"]["requires"]) <= set(ASKED["build"])
