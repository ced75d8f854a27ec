"""The command that fills a new installation with something to look at."""

import secrets
from pathlib import Path

import click

from contactsvc.accounts.users.model import Role
from contactsvc.assembly import Services
from contactsvc.cli.passwords import password_file, read_password
from contactsvc.cli.runner import run
from contactsvc.contacts.demo import DEMO_EMAIL, DEMO_NAME, demo_contacts
from contactsvc.contacts.repository import ContactRepository
from contactsvc.platform.caller import Caller
from contactsvc.platform.database.transactions import transaction
from contactsvc.platform.errors import EmailTaken


@click.command()
@password_file
def seed_demo(password_file: Path | None) -> None:
    """Make a demo account with 200 contacts.

    It is demo@example.com and confirmed. The password is random and printed once,
    unless it comes from a file.
    """
    given = read_password(password_file) if password_file else None

    async def work(services: Services) -> str:
        # As many bytes make more characters than that.
        length = max(12, services.settings.password_min_length)
        password = secrets.token_urlsafe(length) if given is None else given
        try:
            await _seed(services, password)
        except EmailTaken as error:
            raise EmailTaken(f"{DEMO_EMAIL} has an account; nothing was changed.") from error
        return password

    password = run(work)
    click.echo(f"{DEMO_EMAIL} has {len(demo_contacts())} contacts.")
    if given is None:
        click.echo(f"Its password, which is shown this once: {password}")


async def _seed(services: Services, password: str) -> None:
    async with transaction():
        user_id = await services.accounts.create_confirmed(
            DEMO_EMAIL, password, DEMO_NAME, Role.USER, Caller()
        )
        contacts = ContactRepository(user_id, max_contacts=services.settings.max_contacts)
        for contact in demo_contacts():
            await contacts.create(contact)
