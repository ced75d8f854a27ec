"""Commands about who administers: they are the only way to the first administrator."""

from pathlib import Path

import click
from marshmallow import ValidationError

from contactsvc.accounts.registration.schemas import RegisterSchema
from contactsvc.accounts.users.model import Role
from contactsvc.assembly import Services
from contactsvc.cli.passwords import new_password, password_file
from contactsvc.cli.runner import run
from contactsvc.platform.caller import Caller
from contactsvc.platform.errors import EmailTaken


@click.command()
@click.argument("email")
@click.option("--name", default="", help="What the person is called.")
@password_file
def create_admin(email: str, name: str, password_file: Path | None) -> None:
    """Make an administrator's account for EMAIL.

    It needs no confirmation. The password is asked for, or is the first line of standard input
    where that is no terminal.
    """
    given = {"email": email, "name": name, "password": new_password(password_file)}
    try:
        fields = RegisterSchema().load(given)
    except ValidationError as error:
        lines = [f"{field}: {' '.join(reasons)}" for field, reasons in error.messages_dict.items()]
        raise click.ClickException(" ".join(lines)) from error

    async def work(services: Services) -> None:
        try:
            await services.accounts.create_confirmed(**fields, role=Role.ADMIN, caller=Caller())
        except EmailTaken as error:
            hint = f"'contactsvc set-role {email} admin' makes it an administrator's."
            raise EmailTaken(f"{email} has an account; {hint}") from error

    run(work)
    click.echo(f"{fields['email']} is an administrator.")


@click.command()
@click.argument("email")
@click.argument("role", type=click.Choice([role.value for role in Role]))
def set_role(email: str, role: str) -> None:
    """Give the account EMAIL another role."""

    async def work(services: Services) -> None:
        user_id = await services.users.find(email)
        await services.administration.update(user_id, Role(role), None, Caller(), actor_id=None)

    run(work)
    click.echo(f"{email} has the role {role}.")
