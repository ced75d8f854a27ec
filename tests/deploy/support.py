"""What the tests of the files that deploy the service share."""

import re
from dataclasses import fields
from pathlib import Path
from typing import Any

import yaml

from contactsvc.platform.settings import SECRETS, Settings
from contactsvc.workers import CLOSE_TIMEOUT

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"

SETTINGS = {field.name.upper() for field in fields(Settings)} | {f"{name}_FILE" for name in SECRETS}
"""Every name that the service reads."""

SECONDS_TO_STOP = Settings.shutdown_delay + Settings.shutdown_timeout + CLOSE_TIMEOUT
"""How long a service may take to stop after SIGTERM, with the defaults."""

KEY = "wZ8-q2LmV0xTn5Rb_7cYdK4hJ1gPfA6s"

_REFERENCE = re.compile(r"\$\{(\w+)(?::([?-])([^{}]*))?\}")


def documents(path: Path) -> list[dict[str, Any]]:
    """Return what a YAML file holds."""
    return [dict(document) for document in yaml.safe_load_all(path.read_text())]


def one_document(path: Path) -> dict[str, Any]:
    [document] = documents(path)
    return document


def interpolate(text: str, variables: dict[str, str]) -> str:
    """Fill in ``${NAME}``, ``${NAME:-default}`` and ``${NAME:?message}`` as Compose does.

    Raises:
        LookupError: One that must be there is not.
    """

    def value(match: re.Match[str]) -> str:
        name, kind, rest = match.groups()
        if kind == "?" and not variables.get(name):
            raise LookupError(f"{name}: {rest}")
        return variables.get(name) or rest or ""

    return _REFERENCE.sub(value, text).replace("$$", "$")
