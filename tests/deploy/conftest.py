"""The settings as a container reads them, and a port for one."""

import os
from collections.abc import Callable
from unittest import mock

import pytest

from contactsvc.platform.settings import Settings, load_settings
from tests.support import ports

Understand = Callable[[dict[str, str]], Settings]


@pytest.fixture
def understand() -> Understand:
    """Read the settings out of an environment that says nothing but this."""

    def read(environment: dict[str, str]) -> Settings:
        with mock.patch.dict(os.environ, environment, clear=True):
            return load_settings(None)

    return read


@pytest.fixture
def free_port() -> int:
    """A port at which nobody listens."""
    return ports.free_port()
