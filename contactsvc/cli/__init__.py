"""The ``contactsvc`` command: one file a noun, imported when one of its commands is called."""

from collections.abc import Mapping
from importlib import import_module
from keyword import iskeyword
from typing import Final

import click

from contactsvc import __version__
from contactsvc.platform import memory
from contactsvc.platform.text.characters import is_encodable

COMMANDS: Final[Mapping[str, str]] = {
    "serve": "serve",
    "migrate": "database",
    "rebuild-keys": "keys",
    "create-admin": "admins",
    "set-role": "admins",
    "users": "users",
    "confirm": "users",
    "disable": "users",
    "enable": "users",
    "sessions": "users",
    "app-passwords": "app_passwords",
    "audit": "audit",
    "outbox": "mail",
    "send-test-email": "mail",
    "check-config": "service",
    "openapi": "service",
    "seed-demo": "demo",
    "import": "transfer",
    "export": "transfer",
}
"""Every command, and the file that it is in."""


class _Commands(click.Group):
    """Checks the arguments of all commands before any of them prints or stores one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what is not UTF-8 in one line."""
        if not all(map(is_encodable, args)):
            raise click.UsageError("Arguments must be UTF-8.")
        return super().parse_args(ctx, args)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        with memory.without_collections():
            module = import_module(f"{__name__}.{COMMANDS[cmd_name]}")
        name = f"{cmd_name}_" if iskeyword(cmd_name) else cmd_name.replace("-", "_")
        command: click.Command = getattr(module, name)
        return command


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """A self-hosted contacts service. Its settings come from the environment and from .env."""
