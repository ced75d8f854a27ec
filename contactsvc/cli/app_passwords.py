"""Commands about the app passwords of an account."""

import click
from marshmallow import ValidationError

from contactsvc.accounts.app_passwords.model import AppPasswordScope
from contactsvc.accounts.app_passwords.schemas import NewAppPasswordSchema
from contactsvc.assembly import Services
from contactsvc.cli.runner import run
from contactsvc.cli.tables import Table, as_json
from contactsvc.platform.caller import Caller
from contactsvc.platform.errors import NotFound

COLUMNS = ("id", "name", "scope", "created_at", "last_used_at", "expires_at")


@click.group()
def app_passwords() -> None:
    """Look after app passwords, by which programs sign in."""


@app_passwords.command("list")
@click.argument("email")
@as_json
def list_app_passwords(email: str, table: Table) -> None:
    """List the app passwords of the account EMAIL, the newest first."""

    async def work(services: Services) -> None:
        for row in await services.app_passwords.all(await services.users.find(email)):
            table.add(row)

    run(work)
    table.show(COLUMNS)


@app_passwords.command("create")
@click.argument("email")
@click.argument("name")
@click.option(
    "--scope",
    type=click.Choice([scope.value for scope in AppPasswordScope]),
    default=AppPasswordScope.WRITE.value,
    show_default=True,
    help="What may be done with it.",
)
@click.option("--expires-at", metavar="TIME", help="When it ends; never by default.")
def create_app_password(email: str, name: str, scope: str, expires_at: str | None) -> None:
    """Make an app password called NAME for the account EMAIL, and print it.

    It is not shown again. Its user gets a notice by mail.
    """
    try:
        body = {"name": name, "scope": scope, "expires_at": expires_at}
        fields = NewAppPasswordSchema().load(body)
    except ValidationError as error:
        lines = [f"{field}: {' '.join(reasons)}" for field, reasons in error.messages_dict.items()]
        raise click.ClickException(" ".join(lines)) from error

    async def work(services: Services) -> str:
        user = await services.users.get(await services.users.find(email))
        password, _ = await services.app_passwords.create(
            user, **fields, caller=Caller(), actor_id=None
        )
        return password

    click.echo(run(work))


@app_passwords.command("revoke")
@click.argument("email")
@click.argument("password_id", metavar="ID", type=click.IntRange(1, 2**63 - 1))
def revoke_app_password(email: str, password_id: int) -> None:
    """End the app password ID of the account EMAIL."""

    async def work(services: Services) -> None:
        user_id = await services.users.find(email)
        try:
            await services.app_passwords.revoke(user_id, password_id, Caller(), actor_id=None)
        except NotFound as error:
            raise NotFound(f"{email} has no app password {password_id}.") from error

    run(work)
    click.echo(f"The app password {password_id} of {email} has ended.")
