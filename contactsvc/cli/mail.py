"""Commands about mail: the outbox, and a mail to try the settings with."""

import asyncio
from uuid import uuid4

import click

from contactsvc.assembly import Services, make_sender
from contactsvc.cli.base import read_settings, readable_errors
from contactsvc.cli.runner import run
from contactsvc.cli.tables import Table, all_pages, as_json
from contactsvc.mail import repository as mails
from contactsvc.mail.model import MailStatus
from contactsvc.mail.renderer import MailRenderer
from contactsvc.mail.sender import DeliveryFailure
from contactsvc.platform.errors import NotFound
from contactsvc.web.fields import MAX_ID

PAGE = 500
COLUMNS = ("id", "kind", "recipient", "status", "attempts", "created_at", "last_error")


@click.group()
def outbox() -> None:
    """Look after mail that waits, was sent or was given up."""


@outbox.command("list")
@click.option("--status", type=click.Choice([s.value for s in MailStatus]), help="Only this.")
@as_json
def list_outbox(status: str | None, table: Table) -> None:
    """List all mail, the newest first: no text and no token."""
    wanted = MailStatus(status) if status else None

    async def work(_: Services) -> None:
        async for mail in all_pages(lambda after: mails.page(PAGE, after, status=wanted)):
            table.add(mail)

    run(work)
    table.show(COLUMNS)


@outbox.command("retry")
@click.argument("mail_id", metavar="ID", type=click.IntRange(1, MAX_ID))
def retry_mail(mail_id: int) -> None:
    """Try the mail with that ID again, which was given up."""

    async def work(services: Services) -> None:
        try:
            await services.administration.retry_mail(mail_id)
        except NotFound as error:
            raise NotFound(f"There is no mail {mail_id}.") from error

    run(work)
    click.echo(f"Mail {mail_id} will be tried again.")


@click.command()
@click.argument("address")
def send_test_email(address: str) -> None:
    """Send a mail to ADDRESS at once and say where it went."""
    settings = read_settings()
    sender = make_sender(settings)
    renderer = MailRenderer(settings.public_url, settings.mail_from)
    try:
        with readable_errors():
            asyncio.run(sender.send(renderer.render("test", address, f"test-{uuid4()}")))
    except DeliveryFailure as failure:
        raise click.ClickException(
            f"The mail to {address} did not go to {sender.place}: {failure}"
        ) from failure
    click.echo(f"The mail to {address} went to {sender.place}.")
