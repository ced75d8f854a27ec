"""``make env``: secrets for docker-compose.yml, made once and never changed."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from contactsvc.platform.settings import load_settings
from tests.deploy.conftest import Understand
from tests.deploy.support import DEPLOY, ROOT

pytestmark = pytest.mark.process

SECRETS = ("SECRET_KEY", "POSTGRES_PASSWORD", "REDIS_PASSWORD")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder like a fresh clone, as far as the script is concerned."""
    (tmp_path / "deploy").mkdir()
    shutil.copy(DEPLOY / "env.sh", tmp_path / "deploy")
    return tmp_path


def make_env(checkout: Path) -> dict[str, str]:
    subprocess.run(["sh", "deploy/env.sh"], cwd=checkout, check=True, capture_output=True)
    lines = (checkout / ".env").read_text().splitlines()
    assignments = [line for line in lines if line and not line.startswith("#")]
    values = dict(line.split("=", 1) for line in assignments)
    assert len(values) == len(assignments), "nothing is there twice"
    return values


def test_it_makes_all_that_compose_insists_on(checkout: Path) -> None:
    values = make_env(checkout)

    insisted = re.findall(r"\$\{(\w+):\?", (ROOT / "docker-compose.yml").read_text())
    assert set(values) == {*insisted, "COMPOSE_PROFILES"}
    assert values["COMPOSE_PROFILES"] == "development"
    # They become parts of URLs.
    assert all(re.fullmatch(r"[A-Za-z0-9]{48}", values[name]) for name in SECRETS)
    assert len(set(values.values())) == len(values)
    assert (checkout / ".env").stat().st_mode & 0o777 == 0o600


def test_a_second_time_changes_nothing(checkout: Path) -> None:
    assert make_env(checkout) == make_env(checkout)


def test_each_checkout_has_its_own(checkout: Path) -> None:
    first = make_env(checkout)
    (checkout / ".env").unlink()

    second = make_env(checkout)

    assert all(first[name] != second[name] for name in SECRETS)


@pytest.mark.parametrize("end", ["", "\n"])
def test_what_is_there_stays(checkout: Path, end: str) -> None:
    (checkout / ".env").write_text(
        f"#SECRET_KEY=\nPOSTGRES_PASSWORD=mine\nCOMPOSE_PROFILES=production{end}"
    )

    values = make_env(checkout)

    assert values["POSTGRES_PASSWORD"] == "mine"
    assert values["COMPOSE_PROFILES"] == "production"
    assert len(values["SECRET_KEY"]) == len(values["REDIS_PASSWORD"]) == 48


def test_an_empty_value_is_none(checkout: Path) -> None:
    (checkout / ".env").write_text("REDIS_PASSWORD=\n")

    subprocess.run(["sh", "deploy/env.sh"], cwd=checkout, check=True, capture_output=True)

    # The last one counts, for Compose as for the service.
    assert re.search(r"^REDIS_PASSWORD=\w{48}$", (checkout / ".env").read_text(), re.MULTILINE)


def test_the_key_of_make_run_goes_on_being_used(
    checkout: Path, understand: Understand, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(checkout)
    key = understand({}).secret_key
    assert (checkout / "var" / "secret_key").exists()

    make_env(checkout)

    assert load_settings().secret_key == key, "nobody is signed out"


def test_make_run_stays_embedded(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(checkout)
    before = load_settings()

    make_env(checkout)

    assert load_settings() == before
