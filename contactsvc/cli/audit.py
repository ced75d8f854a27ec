"""The command that reads the audit log."""

from datetime import datetime
from typing import Final

import click
from marshmallow import ValidationError

from contactsvc.accounts.audit import repository as log
from contactsvc.accounts.audit.model import Event
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.assembly import Services
from contactsvc.cli.runner import run
from contactsvc.cli.tables import Table, as_json
from contactsvc.web.fields import Id
from contactsvc.web.timestamps import Timestamp

MOST: Final = 10_000
"""Events that are held and printed at once."""
COLUMNS = ("id", "at", "event", "actor_id", "user_id", "ip", "data")


def _time(_: click.Context, __: click.Parameter, text: str | None) -> datetime | None:
    """Return the time that the HTTP API would read."""
    if text is None:
        return None
    try:
        moment: datetime = Timestamp().deserialize(text)
    except ValidationError as error:
        raise click.BadParameter(f"{text!r} is no time such as 2026-01-31T12:00:00Z.") from error
    return moment


def _who(_: click.Context, __: click.Parameter, text: str | None) -> str | int | None:
    """Return an e-mail as it is, or an id, by which alone an account is known that is gone."""
    if text is None or "@" in text:
        return text
    try:
        user_id: int = Id().deserialize(text)
    except ValidationError as error:
        raise click.BadParameter(f"{text!r} is neither an e-mail nor an id.") from error
    return user_id


@click.command()
@click.option(
    "--user", metavar="EMAIL|ID", callback=_who, help="Only what happened to this account."
)
@click.option("--actor", metavar="EMAIL|ID", callback=_who, help="Only what this user did.")
@click.option("--event", type=click.Choice([e.value for e in Event]), help="Only this kind.")
@click.option("--since", metavar="TIME", callback=_time, help="Only from this time on.")
@click.option("--until", metavar="TIME", callback=_time, help="Only before this time.")
@click.option(
    "--limit", type=click.IntRange(1, MOST), default=100, show_default=True, help="At the most."
)
@as_json
def audit(
    user: str | int | None,
    actor: str | int | None,
    event: str | None,
    since: datetime | None,
    until: datetime | None,
    limit: int,
    table: Table,
) -> None:
    """List events of the audit log, the newest first."""

    async def work(services: Services) -> bool:
        page = await log.page(
            limit,
            user_id=await _id_of(services.users, user),
            actor_id=await _id_of(services.users, actor),
            event=Event(event) if event else None,
            since=since,
            until=until,
        )
        for row in page.rows:
            table.add(row)
        return page.next_position is not None

    more = run(work)
    table.show(COLUMNS)
    if more:
        click.echo("There are more: raise --limit, or narrow the time.", err=True)


async def _id_of(users: UserRepository, who: str | int | None) -> int | None:
    return await users.find(who) if isinstance(who, str) else who
