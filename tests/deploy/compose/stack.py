"""A project of docker-compose.yml: a checkout of its own, started, and asked over HTTP."""

import os
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import orjson

from tests.deploy.compose.over_http import Answer, ask
from tests.deploy.support import ROOT
from tests.support.ports import free_port

PATIENCE = 300
"""Seconds for what takes a few: only a hang reaches them."""

PACKAGE = ("contactsvc", "migrations", "pyproject.toml", "requirements", "README.md", "LICENSE")
DEPLOYED = ("Makefile", "Dockerfile", "docker-compose.yml", ".dockerignore", "deploy")

GENEROUS = {
    # All accounts of a test come from one address.
    "LOGIN_LIMIT_PER_ADDRESS": "1000/minute",
    "MAIL_LIMIT_PER_ADDRESS": "1000/minute",
}
"""Settings on top of what ``make env`` writes."""


class Stack:
    """What a newcomer has after a clone, under a name and at ports that nobody else uses.

    Args:
        folder: Where the checkout is, or will be.
        name: Part of the name of the project, and so of its containers and volumes.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.project = f"contactsvc-test-{name}"
        self.port = free_port()
        self.mail_port = free_port()

    def copy(self, *names: str) -> None:
        """Replace files and folders of the checkout by those of the working tree."""
        for name in names:
            target = self.folder / name
            if target.is_dir():
                shutil.rmtree(target)
            if (ROOT / name).is_dir():
                shutil.copytree(ROOT / name, target, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(ROOT / name, target)

    def make_env(self) -> None:
        """Run ``make env``, and set the ports."""
        done = self._run("make", "env")
        assert done.returncode == 0, done.stderr
        self.configure(PORT=str(self.port), MAILPIT_PORT=str(self.mail_port), **GENEROUS)

    def configure(self, **settings: str | None) -> None:
        """Write settings into ``.env``; None takes one away."""
        path = self.folder / ".env"
        lines = [line for line in path.read_text().splitlines() if _name(line) not in settings]
        lines += [f"{name}={value}" for name, value in settings.items() if value is not None]
        path.write_text("\n".join(lines) + "\n")

    def try_compose(
        self, *arguments: str, stdin: str | None = None
    ) -> subprocess.CompletedProcess[str]:
        return self._run("docker", "compose", *arguments, stdin=stdin)

    def compose(self, *arguments: str, stdin: str | None = None) -> str:
        """Run a command that must succeed, and return what it prints."""
        done = self.try_compose(*arguments, stdin=stdin)
        if done.returncode != 0:
            logs = self.try_compose("logs", "--tail", "20").stdout
            raise AssertionError(f"{done.args}\n{done.stdout}{done.stderr}\n{logs}")
        return done.stdout

    def up(self) -> None:
        self.compose("up", "--build", "--detach", "--wait")

    def run_inside(self, service: str, *command: str, stdin: str | None = None) -> str:
        return self.compose("exec", "-T", service, *command, stdin=stdin)

    def states(self) -> dict[str, dict[str, Any]]:
        """Return what the engine knows of each service's container."""
        ids = self.compose("ps", "--all", "--quiet").split()
        if not ids:
            return {}
        inspected = orjson.loads(self._run("docker", "inspect", *ids).stdout)
        label = "com.docker.compose.service"
        return {found["Config"]["Labels"][label]: found["State"] for found in inspected}

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        return ask(method, f"http://127.0.0.1:{self.port}{path}", **options)

    def ask_mail_catcher(self, path: str) -> Answer:
        return ask("GET", f"http://127.0.0.1:{self.mail_port}{path}")

    def wait_until_healthy(self, *services: str) -> None:
        """Wait until the engine has seen each to be well: right after a restart it has not."""

        def are_healthy() -> bool:
            states = self.states()
            return {states[name]["Health"]["Status"] for name in services} == {"healthy"}

        eventually(are_healthy)

    def wait_until_well(self) -> None:
        """Wait until the service says that it has everything it needs."""

        def is_well() -> bool:
            answer = self.ask("GET", "/api/healthchecker")
            return answer.status == 200 and set(answer.json()["checks"].values()) == {"ok"}

        eventually(is_well)

    def remove(self) -> None:
        """Take away all that is of this project, and nothing else."""
        self.compose("--profile", "*", "down", "--volumes", "--remove-orphans")
        self._run("docker", "image", "rm", f"contactsvc:{self.project}")

    def _run(self, *command: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        # What the environment sets comes before .env; a newcomer's sets nothing of it.
        read = re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text())
        read.append("COMPOSE_PROFILES")
        environment = {name: value for name, value in os.environ.items() if name not in read}
        return subprocess.run(
            command,
            cwd=self.folder,
            env={
                **environment,
                "COMPOSE_PROJECT_NAME": self.project,
                "CONTACTSVC_TAG": self.project,
                "COMPOSE_ANSI": "never",
            },
            input=stdin,
            stdin=subprocess.DEVNULL if stdin is None else None,
            capture_output=True,
            text=True,
            check=False,
            timeout=PATIENCE * 3,
        )


def _name(line: str) -> str:
    return line.partition("=")[0]


def eventually(holds: Callable[[], bool]) -> None:
    """Wait for something that nothing tells of.

    A service that cannot be reached, or is about to go, is one that is not there yet.
    """
    give_up = time.monotonic() + PATIENCE
    while True:
        try:
            if holds():
                return
        except OSError:
            pass
        assert time.monotonic() < give_up, f"{holds.__qualname__}: not within {PATIENCE} s"
        time.sleep(0.2)
