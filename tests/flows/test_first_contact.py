"""The walks of the README and of the tutorial, typed as they stand there."""

import asyncio
import re
import shutil
import signal
import tempfile
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.service_process import Service
from tests.support.waiting import PATIENCE

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(not shutil.which("curl"), reason="the walks are made with curl"),
]

ROOT = Path(__file__).parents[2]
SH = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^\.\. code-block:: console\n\n((?:   .*\n|\n)+)", re.MULTILINE)
COMMAND = re.compile(r"^   \$ (.*(?:\n       .*)*)", re.MULTILINE)
CONTACT = ("Zoë", "Łukasz", "+442079460958")


@pytest.fixture
async def service() -> AsyncIterator[Service]:
    """One with everything embedded, in a folder whose path is short enough for a socket."""
    folder = Path(tempfile.mkdtemp(prefix="contactsvc-"))
    service = Service(folder)
    service.environment["PUBLIC_URL"] = service.url
    await service.start()
    yield service
    await service.stop(signal.SIGINT)
    shutil.rmtree(folder)


def readme() -> list[str]:
    """Return the steps of the README's walk, but those that need containers."""
    walk = (ROOT / "README.md").read_text().partition("\n## First contact")[2]
    walk = walk.partition("\n## ")[0]
    return [step for step in SH.findall(walk) if "8025" not in step]


def tutorial() -> list[str]:
    """Return the commands of the tutorial, from the first one that asks the service."""
    first, *commands = commands_of("index")
    assert first == "make run"
    return commands


def commands_of(page: str) -> list[str]:
    """Return the commands of a page of the tutorial, those of a block together."""
    blocks = BLOCK.findall((ROOT / "docs" / "tutorial" / f"{page}.rst").read_text())
    return ["\n".join(COMMAND.findall(block)) for block in blocks]


async def walk(service: Service, steps: list[str]) -> list[bytes]:
    """Type the steps into one shell in the service's folder; return what each has printed."""
    script = "printf '\\f'\n".join(f"{step}\n" for step in steps)
    script = script.replace("http://127.0.0.1:8000", service.url)
    shell = await asyncio.create_subprocess_exec(
        *("bash", "-euc", script), cwd=service.folder, env=service.environment, stdout=PIPE
    )
    async with asyncio.timeout(PATIENCE):
        printed, _ = await shell.communicate()
    assert shell.returncode == 0, printed
    return printed.split(b"\f")


async def test_the_readmes(service: Service) -> None:
    printed = await walk(service, readme())
    registered, confirmed, token, added, found, birthdays, imported, made = printed

    assert orjson.loads(registered)["email"] == "grace@example.com"
    assert orjson.loads(confirmed) == {"status": "confirmed"}
    assert token == b"", "signing in prints nothing, and nothing fails"
    contact = orjson.loads(added)
    assert (contact["first_name"], contact["last_name"], contact["phone"]) == CONTACT
    assert ([phone["type"] for phone in contact["phones"]], contact["tags"]) == (
        ["home", "mobile"],
        ["friends"],
    )
    assert orjson.loads(found)["items"] == [contact]
    assert [item["id"] for item in orjson.loads(birthdays)["items"]] == [contact["id"]]
    report = orjson.loads(imported)
    assert (report["total"], report["created"], report["errors"]) == (1, 1, [])
    password = orjson.loads(made)
    assert (password["name"], password["scope"]) == ("My phone", "write")
    assert password["password"]


async def test_the_tutorials(service: Service) -> None:
    printed = await walk(service, tutorial())
    health, registered, confirmed, tokens, token, added, refused, found, birthdays = printed

    assert orjson.loads(health)["status"] == "ok"
    assert orjson.loads(registered)["confirmed"] is False
    assert orjson.loads(confirmed) == {"status": "confirmed"}
    assert orjson.loads(tokens)["token_type"] == "bearer"
    assert token == b""
    contact = orjson.loads(added)
    assert (contact["first_name"], contact["last_name"], contact["phone"]) == CONTACT
    assert orjson.loads(refused)["errors"][0]["pointer"] == "/birthday"
    assert orjson.loads(found)["items"] == [contact]
    assert [item["id"] for item in orjson.loads(birthdays)["items"]] == [contact["id"]]


async def test_the_one_that_cleans_up(service: Service) -> None:
    """With the ids that its page shows, for whoever comes from the first page."""
    steps = commands_of("clean-up")
    printed = (await walk(service, tutorial() + steps))[-len(steps) :]
    imported, found, dismissed, tried, merged, then, operations, undone = printed

    report = orjson.loads(imported)
    assert (report["created"], report["failed"], report["operation_id"]) == (4, 0, 1)
    page = (ROOT / "docs" / "tutorial" / "clean-up.rst").read_text()
    [shown] = re.findall(r"^\.\. code-block:: json\n\n((?:   .*\n)+)", page, re.MULTILINE)
    assert as_shown(orjson.loads(found)) == orjson.loads(shown)
    assert dismissed.startswith(b"HTTP/1.1 204 No Content\r\n")
    for answer, nickname, operation in ((tried, "", None), (merged, "Bob", 2)):
        contact = orjson.loads(answer)["contact"]
        assert (contact["id"], contact["phone"]) == (2, "+442079460123")
        assert (contact["nickname"], orjson.loads(answer)["operation_id"]) == (nickname, operation)
    assert then.decode() in page, "what is listed after the merge"
    listed = orjson.loads(operations)["items"]
    assert [(item["id"], item["kind"], item["contacts"]) for item in listed] == [
        (2, "merge", 2),
        (1, "import", 4),
    ]
    assert undone.decode() in page


def as_shown(found: dict[str, Any]) -> dict[str, Any]:
    """Return a page of duplicates as the tutorial shortens it."""
    for item in found["items"]:
        item["contacts"] = [
            {"id": each["id"], "display_name": each["display_name"], "...": "..."}
            for each in item["contacts"]
        ]
    return found


@pytest.mark.parametrize("steps", [readme, tutorial])
async def test_nobody_waits_for_ever_for_a_mail_that_does_not_come(
    tmp_path: Path, steps: Callable[[], list[str]]
) -> None:
    """As when registering has failed; the pauses are passed over."""
    [waiting] = [step for step in steps() if "confirmed_email" in step]
    script = waiting.replace("sleep 0.2", ":")
    assert script != waiting

    shell = await asyncio.create_subprocess_exec("bash", "-c", script, cwd=tmp_path, stderr=PIPE)
    try:
        async with asyncio.timeout(PATIENCE):
            await shell.communicate()
    finally:
        if shell.returncode is None:
            shell.kill()

    assert shell.returncode
