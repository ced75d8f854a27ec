"""``make env && docker compose up --build``, as a newcomer has it."""

import re
import subprocess
from pathlib import Path

import orjson
import pytest

from tests.deploy.compose.accounts import Account, administrator, join
from tests.deploy.compose.conftest import MakeStack
from tests.deploy.compose.stack import PATIENCE, Stack
from tests.deploy.support import ROOT
from tests.support.pictures import colour_at, flag

pytestmark = pytest.mark.process

SERVICE = "contactsvc-dev"
PARTS = ("postgres", "redis", "mailpit", SERVICE)
"""What goes on running; the migrations end."""

every_part = pytest.mark.parametrize("part", PARTS)


@pytest.fixture(scope="module")
def stack(make_stack: MakeStack) -> Stack:
    stack = make_stack("development")
    stack.up()
    return stack


def upload(admin: Account) -> str:
    """Give an administrator a picture, and return its path."""
    answer = admin.ask("PATCH", "/api/users/avatar", file=flag())
    assert answer.status == 200, answer
    url = str(answer.json()["avatar_url"])
    assert url.startswith("/api/avatars/") or f":{admin.stack.port}/api/avatars/" in url
    return url[url.index("/api/avatars/") :]


def test_everything_comes_up(stack: Stack) -> None:
    states = stack.states()

    assert set(states) == {*PARTS, "migrate"}
    stack.wait_until_healthy(*PARTS)
    assert (states["migrate"]["Status"], states["migrate"]["ExitCode"]) == ("exited", 0)
    assert stack.ask("GET", "/api/docs").status == 200


def test_the_first_contact_of_the_readme(stack: Stack, tmp_path: Path) -> None:
    # Mails are kept in memory: this leaves none of another test.
    stack.compose("restart", "mailpit")
    stack.wait_until_healthy("mailpit")
    readme = (ROOT / "README.md").read_text()
    blocks = re.findall(r"^```sh\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)
    steps = [block for block in blocks if "var/mail" not in block]
    assert len(steps) == len(blocks) - 1, "one step is for those without containers"
    script = "printf '\\f'\n".join(steps).replace(":8000", f":{stack.port}")

    done = subprocess.run(
        ["bash", "-euc", script.replace(":8025", f":{stack.mail_port}")],
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=PATIENCE,
    )

    registered, _, token, added, found, birthdays, imported, made = done.stdout.split(b"\f")
    assert orjson.loads(registered)["email"] == "grace@example.com"
    assert token == b"", "signing in prints nothing, and nothing fails"
    contact = orjson.loads(added)
    assert (contact["first_name"], contact["last_name"]) == ("Zoë", "Łukasz")
    assert orjson.loads(found)["items"] == [contact]
    assert [item["id"] for item in orjson.loads(birthdays)["items"]] == [contact["id"]]
    assert orjson.loads(imported)["created"] == 1
    assert orjson.loads(made)["password"]


def test_an_administrator_uploads_an_avatar(stack: Stack) -> None:
    path = upload(administrator(stack, SERVICE))

    assert colour_at(stack.ask("GET", path).body, 0.5, 0.1) == "red"


@every_part
def test_a_part_is_confined(stack: Stack, part: str) -> None:
    told = stack.run_inside(part, "sh", "-c", "id -u; cat /proc/1/status; touch /x 2>&1 || true")

    assert int(told.splitlines()[0]) != 0
    status = dict(re.findall(r"^(\w+):\s*(\w+)$", told, re.MULTILINE))
    assert (int(status["CapEff"], 16), int(status["CapBnd"], 16)) == (0, 0)
    assert status["NoNewPrivs"] == "1"
    assert "Read-only file system" in told


@every_part
def test_a_part_that_is_restarted_serves_again(stack: Stack, part: str) -> None:
    somebody = join(stack)
    somebody.add_contact("Zoë")
    before = stack.states()[part]["StartedAt"]

    stack.compose("restart", part)

    assert stack.states()[part]["StartedAt"] != before
    stack.wait_until_well()
    assert somebody.contacts() == ["Zoë"]
    somebody.renew()
    # Needs all of them: a row, a counter in Redis, a mail that comes.
    join(stack)


def test_everything_stops_when_it_is_told_and_is_there_again(stack: Stack) -> None:
    admin = administrator(stack, SERVICE)
    admin.add_contact("Zoë")
    path = upload(admin)

    stack.compose("stop")

    # Who does not stop within the time that docker-compose.yml gives is killed: 137.
    exits = {part: state["ExitCode"] for part, state in stack.states().items()}
    assert exits == dict.fromkeys((*PARTS, "migrate"), 0)

    stack.compose("down")
    assert stack.states() == {}
    stack.up()

    assert admin.contacts() == ["Zoë"]
    assert stack.ask("GET", path).status == 200
    admin.renew()


def test_it_is_reached_at_this_machine_alone(stack: Stack) -> None:
    assert stack.compose("port", SERVICE, "8000") == f"127.0.0.1:{stack.port}\n"
    assert stack.compose("port", "mailpit", "8025") == f"127.0.0.1:{stack.mail_port}\n"
