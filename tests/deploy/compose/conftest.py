"""An engine that must be there, images, and stacks that leave nothing behind."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.deploy.compose.stack import DEPLOYED, PACKAGE, Stack

MakeStack = Callable[[str], Stack]


@pytest.fixture(scope="session")
def engine() -> None:
    """Docker with its plugins; with COMPOSE_STANDINS, images for what cannot be pulled."""
    for command in ("info", "compose version", "buildx version"):
        done = subprocess.run(["docker", *command.split()], capture_output=True, check=False)
        if done.returncode != 0:
            pytest.exit(f"docker {command}: {done.stderr.decode().strip()}", returncode=1)
    if os.environ.get("COMPOSE_STANDINS"):
        subprocess.run([Path(__file__).parent / "standins.sh"], check=True)


@pytest.fixture(scope="module")
def make_stack(engine: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[MakeStack]:
    """Make a stack with the files of the working tree; it is not up yet."""
    made = []

    def make(name: str) -> Stack:
        stack = Stack(tmp_path_factory.mktemp(name), name)
        stack.copy(*PACKAGE, *DEPLOYED)
        stack.make_env()
        stack.remove()  # what a run that was killed has left
        made.append(stack)
        return stack

    yield make
    for stack in made:
        stack.remove()
