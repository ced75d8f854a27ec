"""Commands about accounts and their sessions."""

import click

from contactsvc.accounts.users.answer import user_answer
from contactsvc.accounts.users.filter import UserFilter
from contactsvc.accounts.users.model import Role
from contactsvc.assembly import Services
from contactsvc.cli.runner import run
from contactsvc.cli.tables import Table, all_pages, as_json
from contactsvc.platform.caller import Caller

PAGE = 500
COLUMNS = ("id", "email", "name", "role", "confirmed", "is_active", "created_at")


@click.group()
def users() -> None:
    """Look after accounts."""


@users.command("list")
@click.option("--query", default="", help="Words that occur in the name or the e-mail.")
@click.option("--role", type=click.Choice([role.value for role in Role]), help="Only this role.")
@click.option("--active/--disabled", "is_active", default=None, help="Only these.")
@click.option("--confirmed/--unconfirmed", default=None, help="Only these.")
@as_json
def list_users(
    query: str, role: str | None, is_active: bool | None, confirmed: bool | None, table: Table
) -> None:
    """List all accounts, in the order of their ids."""
    wanted = UserFilter(query, Role(role) if role else None, is_active, confirmed)

    async def work(services: Services) -> None:
        async for user in all_pages(lambda after: services.users.page(wanted, PAGE, after)):
            table.add(user_answer(user, services.settings.public_url))

    run(work)
    table.show(COLUMNS)


@users.command("delete")
@click.argument("email")
@click.option("--yes", is_flag=True, help="Do not ask.")
def delete_user(email: str, yes: bool) -> None:
    """Delete the account EMAIL with its contacts, for good."""
    if not yes:
        click.confirm(
            f"Delete the account {email} with its contacts, for good?", abort=True, err=True
        )

    async def work(services: Services) -> None:
        user_id = await services.users.find(email)
        await services.accounts.remove(user_id, Caller(), actor_id=None)

    run(work)
    click.echo(f"The account {email} is deleted.")


@click.command()
@click.argument("email")
@click.option("--registration", type=int, help="Which one, where several wait.")
def confirm(email: str, registration: int | None) -> None:
    """Confirm the account EMAIL by hand.

    Whoever asks for it must be known to have the e-mail: of several registrations, those of
    others end.
    """

    async def work(services: Services) -> None:
        await services.administration.confirm(email, Caller(), registration)

    run(work)
    click.echo(f"{email} is confirmed.")


@click.command()
@click.argument("email")
def disable(email: str) -> None:
    """Disable the account EMAIL.

    Its sessions and app passwords end.
    """
    _set_active(email, is_active=False)
    click.echo(f"{email} is disabled.")


@click.command()
@click.argument("email")
def enable(email: str) -> None:
    """Enable the account EMAIL again."""
    _set_active(email, is_active=True)
    click.echo(f"{email} is enabled.")


def _set_active(email: str, *, is_active: bool) -> None:
    async def work(services: Services) -> None:
        user_id = await services.users.find(email)
        await services.administration.update(user_id, None, is_active, Caller(), actor_id=None)

    run(work)


@click.group()
def sessions() -> None:
    """Look after sign-ins."""


@sessions.command("end")
@click.argument("email")
def end_sessions(email: str) -> None:
    """End all sessions and app passwords of the account EMAIL."""

    async def work(services: Services) -> None:
        await services.administration.end_sessions(await services.users.find(email), Caller())

    run(work)
    click.echo(f"The sessions of {email} have ended.")
