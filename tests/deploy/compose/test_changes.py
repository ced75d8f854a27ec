"""What changes under data that is kept: the profile, and the version."""

import subprocess

import pytest

from tests.deploy.compose.accounts import join
from tests.deploy.compose.conftest import MakeStack
from tests.deploy.compose.stack import DEPLOYED, PACKAGE, Stack
from tests.deploy.compose.test_production import SETTINGS
from tests.deploy.support import ROOT

pytestmark = pytest.mark.process


def git(*arguments: str) -> bytes:
    return subprocess.run(["git", *arguments], cwd=ROOT, check=True, capture_output=True).stdout


def migrations_at(revision: str) -> set[str]:
    return set(git("ls-tree", "--name-only", revision, "migrations/models/").decode().splitlines())


@pytest.fixture(scope="module")
def revision_before() -> str:
    """The last revision that lacks some of today's migrations and has no others."""
    try:
        today = migrations_at("HEAD")
        changes = git("log", "--format=%H", "--", "migrations").decode().split()
        before = (f"{change}^" for change in changes)
        return next(revision for revision in before if migrations_at(revision) < today)
    except (FileNotFoundError, StopIteration, subprocess.CalledProcessError):
        pytest.skip("needs the history of the migrations: git fetch --unshallow")


def check_out(stack: Stack, revision: str) -> None:
    """Put an earlier version of the service in the place of what is there."""
    wanted = (*PACKAGE, *DEPLOYED)
    there = set(git("ls-tree", "--name-only", revision).decode().splitlines())
    # A version from before docker-compose.yml is built and started by today's.
    taken = wanted if "docker-compose.yml" in there else PACKAGE
    subprocess.run(["rm", "-rf", *taken], cwd=stack.folder, check=True)
    archive = git("archive", revision, "--", *there.intersection(taken))
    subprocess.run(["tar", "-x"], cwd=stack.folder, input=archive, check=True)


def migrations(stack: Stack) -> int:
    query = "SELECT count(*) FROM aerich"
    command = ("psql", "-tA", "--username=contactsvc", "--dbname=contactsvc", "-c", query)
    return int(stack.run_inside("postgres", *command))


def test_an_upgrade_keeps_what_is_there_and_so_does_going_back(
    make_stack: MakeStack, revision_before: str
) -> None:
    stack = make_stack("upgrade")
    stack.configure(SHUTDOWN_DELAY="0")
    check_out(stack, revision_before)
    stack.up()
    somebody = join(stack)
    somebody.add_contact("Zoë")
    before = migrations(stack)

    stack.copy(*PACKAGE, *DEPLOYED)
    stack.up()

    assert migrations(stack) > before
    stack.wait_until_well()
    somebody.sign_in()
    somebody.add_contact("Łukasz")
    assert sorted(somebody.contacts()) == ["Zoë", "Łukasz"]
    join(stack)

    check_out(stack, revision_before)
    stack.up()

    somebody.sign_in()
    assert sorted(somebody.contacts()) == ["Zoë", "Łukasz"]


def test_another_profile_takes_over_after_down(make_stack: MakeStack) -> None:
    stack = make_stack("profiles")
    stack.configure(SHUTDOWN_DELAY="0")
    stack.up()
    somebody = join(stack)
    somebody.add_contact("Zoë")

    stack.configure(COMPOSE_PROFILES="production", **SETTINGS)
    refused = stack.try_compose("up", "--detach", "--wait")
    assert refused.returncode == 1
    assert "port is already allocated" in refused.stderr

    stack.compose("--profile", "*", "down")
    stack.up()

    assert set(stack.states()) == {"postgres", "redis", "migrate", "contactsvc"}
    somebody.sign_in()
    assert somebody.contacts() == ["Zoë"]
