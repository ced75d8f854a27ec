"""The ``contactsvc`` command: one file a noun, put together here."""

import click

from contactsvc import __version__
from contactsvc.cli import admins, audit, database, demo, mail, serve, service, users
from contactsvc.platform.text.characters import is_encodable


class _Main(click.Group):
    """Checks the arguments of all commands before any of them prints or stores one."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Refuse what is not UTF-8 in one line."""
        if not all(map(is_encodable, args)):
            raise click.UsageError("Arguments must be UTF-8.")
        return super().parse_args(ctx, args)


@click.group(cls=_Main, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__)
def main() -> None:
    """A self-hosted contacts service. Its settings come from the environment and from .env."""


for _command in (
    serve.serve,
    database.migrate,
    admins.create_admin,
    admins.set_role,
    users.users,
    users.confirm,
    users.disable,
    users.enable,
    users.sessions,
    audit.audit,
    mail.outbox,
    mail.send_test_email,
    service.check_config,
    service.openapi,
    demo.seed_demo,
):
    main.add_command(_command)
