"""Links as people get them: asked for over HTTP and read out of the mail."""

from tests.conftest import PASSWORD, Client, Person
from tests.support.mailbox import Mailbox


async def confirmation_link(client: Client, email: str, mailbox: Mailbox) -> str:
    """Register somebody and return the path of the link that they are sent."""
    body = {"email": email, "password": PASSWORD}
    async with client.post("/api/auth/register", json=body) as response:
        assert response.status == 201, await response.text()
    return await mailbox.link(email)


async def reset_link(person: Person, mailbox: Mailbox) -> str:
    """Return the path of a link to a new password; earlier mails must have been read."""
    body = {"email": person.email}
    async with person.client.post("/api/auth/update_password", json=body) as response:
        assert response.status == 202, await response.text()
    return await mailbox.link(person.email)


async def ask_for_email(person: Person, email: str) -> None:
    """Ask for another e-mail."""
    body = {"email": email, "password": PASSWORD}
    response = await person.post("/api/users/me/email", json=body)
    assert response.status == 202, await response.text()


async def email_change_link(person: Person, email: str, mailbox: Mailbox) -> str:
    """Ask for another e-mail and return the path of the link that is sent there."""
    await ask_for_email(person, email)
    await mailbox.next(person.email)  # the notice to the old address
    return await mailbox.link(email)


def token_of(path: str) -> str:
    """Return the token at the end of a link."""
    return path.rpartition("/")[2]
