"""The profile that serves people: real mail, and three settings that nobody can guess."""

import re
import subprocess
from collections.abc import Iterator

import pytest

from tests.deploy.compose.accounts import administrator, join
from tests.deploy.compose.conftest import MakeStack
from tests.deploy.compose.stack import Stack
from tests.deploy.support import ROOT, one_document

pytestmark = pytest.mark.process

PARTS = ("postgres", "redis", "contactsvc")
SETTINGS = {
    "PUBLIC_URL": "https://contacts.example.com",
    "SMTP_URL": "smtp://mail.example.com:1025?starttls=never",
    "MAIL_FROM": "Contacts <contacts@example.com>",
}


@pytest.fixture(scope="module")
def stack(make_stack: MakeStack) -> Iterator[Stack]:
    stack = make_stack("production")
    stack.configure(COMPOSE_PROFILES="production", **SETTINGS)
    stack.up()
    with_mail_server(stack)
    yield stack
    subprocess.run(["docker", "rm", "--force", f"{stack.project}-mail"], check=True)


def with_mail_server(stack: Stack) -> None:
    """Start the mail server of example.com: it belongs to the world, and not to the project."""
    image = one_document(ROOT / "docker-compose.yml")["services"]["mailpit"]["image"]
    subprocess.run(["docker", "rm", "--force", f"{stack.project}-mail"], check=False)
    subprocess.run(
        [
            *("docker", "run", "--detach", "--name", f"{stack.project}-mail"),
            *("--network", f"{stack.project}_outside", "--network-alias", "mail.example.com"),
            *("--publish", f"127.0.0.1:{stack.mail_port}:8025", image),
        ],
        check=True,
    )


def refusal(output: str) -> list[str]:
    """Return the settings that a refusal names, each in a line of its own."""
    return re.findall(r"^(?:\S*contactsvc-1  \|)?\s+([A-Z_]+): must be ", output, re.MULTILINE)


def test_everything_comes_up_without_the_mail_catcher(stack: Stack) -> None:
    states = stack.states()

    assert set(states) == {*PARTS, "migrate"}
    stack.wait_until_healthy(*PARTS)
    assert states["migrate"]["ExitCode"] == 0


def test_somebody_joins_and_mail_goes_out(stack: Stack) -> None:
    somebody = join(stack)

    somebody.add_contact("Zoë")
    assert somebody.contacts() == ["Zoë"]
    assert administrator(stack, "contactsvc").ask("GET", "/api/admin/users").status == 200


@pytest.mark.parametrize("missing", SETTINGS)
def test_it_does_not_start_without(stack: Stack, missing: str) -> None:
    stack.configure(**{missing: None})

    refused = stack.try_compose("run", "--rm", "--no-deps", "contactsvc")

    stack.configure(**{missing: SETTINGS[missing]})
    assert refused.returncode == 1
    lines = [line for line in refused.stderr.splitlines() if not line.startswith(" Container")]
    assert lines[0] == "Error: The settings do not fit:"
    assert refusal(lines[1]) == [missing]
    assert len(lines) == 2


def test_up_fails_and_the_log_says_why(stack: Stack) -> None:
    stack.configure(**dict.fromkeys(SETTINGS, None))

    refused = stack.try_compose("up", "--detach", "--wait")

    logs = stack.compose("logs", "--no-color", "contactsvc")
    stack.configure(**SETTINGS)
    stack.up()
    assert refused.returncode == 1
    assert set(refusal(logs)) == set(SETTINGS)
    assert stack.ask("GET", "/api/healthchecker").status == 200


def test_it_stops_when_it_is_told(stack: Stack) -> None:
    stack.compose("stop", "contactsvc")

    exit_status = stack.states()["contactsvc"]["ExitCode"]
    stack.compose("start", "contactsvc")
    stack.wait_until_well()
    assert exit_status == 0
