"""The Dockerfile keeps the promises of docs/how-to/deploy.rst."""

import asyncio
import re
import sys

import orjson
import pytest

from contactsvc.platform.settings import Settings
from tests.conftest import Client
from tests.deploy.conftest import Understand
from tests.deploy.support import ROOT, SETTINGS

INSTRUCTION = re.compile(r"^([A-Z]+) +((?:.*\\\n)*.*)$", re.MULTILINE)


def instructions(text: str) -> list[tuple[str, str]]:
    """Return each instruction with what it is given, on one line."""
    code = re.sub(r"^\s*#.*\n", "", text, flags=re.MULTILINE)
    return [
        (name, " ".join(rest.replace("\\\n", " ").split()))
        for name, rest in INSTRUCTION.findall(code)
    ]


ALL = instructions((ROOT / "Dockerfile").read_text())
STARTS = [number for number, (name, _) in enumerate(ALL) if name == "FROM"]
LAST = ALL[STARTS[-1] :]


def last(name: str) -> str:
    """Return what the last stage gives to an instruction that it has once."""
    [given] = [given for found, given in LAST if found == name]
    return given


def environment() -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in last("ENV").split())


def test_there_are_stages_on_one_pinned_base() -> None:
    bases = {given.split()[0] for name, given in ALL if name == "FROM"}

    assert len(STARTS) > 1
    [base] = bases
    assert re.fullmatch(r"python:3\.\d+(\.\d+)?-slim-[a-z]+(@sha256:[0-9a-f]{64})?", base)


def test_the_user_is_a_number_and_not_root() -> None:
    uid, gid = map(int, last("USER").split(":"))

    assert uid > 0
    assert gid > 0


def test_the_last_stage_installs_nothing() -> None:
    commands = " ".join(given for name, given in LAST if name == "RUN")

    assert not re.search(r"apt|gcc|curl|wget|pip install", commands)
    assert "pip uninstall" in commands
    copied = [given for name, given in LAST if name in ("COPY", "ADD")]
    assert copied == ["--from=build /opt/contactsvc /opt/contactsvc"]


def test_libraries_come_from_the_lock_and_nowhere_else() -> None:
    """Each call of pip checks hashes, or asks no index: so does what builds."""
    commands = " && ".join(given for name, given in ALL[: STARTS[-1]] if name == "RUN")
    calls = [
        each for each in commands.split(" && ") if re.search(r"\bpip\b.* (install|wheel) ", each)
    ]

    assert len(calls) > 2
    for call in calls:
        assert "--require-hashes" in call or "--no-deps" in call, call
        assert " install " not in call or "--require-hashes" in call or "--no-index" in call, call
        assert " wheel " not in call or "--no-build-isolation" in call, call


def test_it_holds_no_secret_and_no_extra() -> None:
    assert not [given for name, given in ALL if name == "ARG"]
    assert not re.search(r"(?i)password|secret|token|_key", str(ALL))
    assert "embedded" not in str(ALL)


def test_commands_are_run_without_a_shell() -> None:
    assert orjson.loads(last("CMD")) == ["contactsvc", "serve"]
    assert not [name for name, _ in ALL if name == "ENTRYPOINT"], "platforms differ about it"
    assert last("STOPSIGNAL") == "SIGTERM"


def test_its_environment_is_understood(understand: Understand) -> None:
    others = {"PATH", "PYTHONDONTWRITEBYTECODE", "PYTHONUNBUFFERED"}
    assert set(environment()) - others <= SETTINGS

    settings = understand({**environment(), "SECRET_KEY": "k3Y" + "abcdefghij" * 4})

    assert settings.host == ("0.0.0.0",)
    assert settings.port == Settings.port == int(last("EXPOSE"))
    assert (str(settings.data_dir), settings.log_format) == ("/data", "json")


async def checked(port: int) -> int:
    """Run the container's check of its health against a port, and return how it ends."""
    command = orjson.loads(last("HEALTHCHECK").split("CMD", 1)[1])
    assert command[0] == "python"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *command[1:],
        env={"PORT": str(port), "http_proxy": "http://127.0.0.1:1"},
        stderr=asyncio.subprocess.DEVNULL,
    )
    return await process.wait()


@pytest.mark.process
async def test_the_check_finds_a_service_that_answers(client: Client) -> None:
    assert client.port is not None
    assert await checked(client.port) == 0


@pytest.mark.process
async def test_the_check_misses_a_service_that_does_not(free_port: int) -> None:
    assert await checked(free_port) == 1


def test_nothing_gets_into_the_build_unless_it_is_named() -> None:
    lines = (ROOT / ".dockerignore").read_text().split("\n")
    rules = [line for line in lines if line and not line.startswith("#")]
    named = {rule.removeprefix("!") for rule in rules if rule.startswith("!")}
    copied = {
        source
        for name, given in ALL
        if name == "COPY" and not given.startswith("--from")
        for source in given.split()[:-1]
    }

    assert rules[0] == "*"
    assert named == copied
    assert all((ROOT / name).exists() for name in named)
