"""The ``contactsvc`` command: one file a noun, put together here."""

import click

from contactsvc import __version__
from contactsvc.cli import admins, database, demo, mail, serve, service, users


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
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
    mail.outbox,
    mail.send_test_email,
    service.check_config,
    service.openapi,
    demo.seed_demo,
):
    main.add_command(_command)
