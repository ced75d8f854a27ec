"""The attack matrix: tokens that were made for another purpose, or for whoever has that name."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import ClientResponse

from contactsvc.contacts.reminders.unsubscribe_tokens import UnsubscribeTokens
from contactsvc.platform.keyring import Keyring
from contactsvc.platform.settings import Settings
from tests.conftest import PASSWORD, Client, MakePerson, problem
from tests.flows.test_attacks_on_tokens import renew, show
from tests.support.links import confirmation_link, email_change_link, reset_link, token_of
from tests.support.mailbox import Mailbox

NEW = "quite another battery staple"

Tokens = dict[str, str]


@pytest.fixture
async def tokens(
    make_person: MakePerson, client: Client, mailbox: Mailbox, settings: Settings
) -> Tokens:
    """A good token of every kind: each at its own door, in the order of DOORS, ends no other."""
    grace, carol = await make_person(), await make_person("carol@example.com")
    return {
        "access": grace.tokens["access_token"],
        "refresh": grace.tokens["refresh_token"],
        "confirmation": token_of(await confirmation_link(client, "bob@example.com", mailbox)),
        "reset": token_of(await reset_link(grace, mailbox)),
        "e-mail change": token_of(await email_change_link(carol, "new@example.com", mailbox)),
        "end of reminders": UnsubscribeTokens(Keyring(settings.secret_key)).issue(1),
    }


def link(path: str, method: str, **kwargs: Any) -> Callable[[Client, str], Awaitable[Any]]:
    """Return how a token is presented in the path."""
    return lambda client, token: client.request(method, f"/api/{path}/{token}", **kwargs)


Door = tuple[Callable[[Client, str], Awaitable[ClientResponse]], set[str]]
DOORS: dict[str, Door] = {
    "access": (show, {"access"}),
    "refresh": (renew, {"refresh"}),
    "confirming by GET": (link("auth/confirmed_email", "GET"), {"confirmation", "e-mail change"}),
    "confirming by POST": (link("auth/confirmed_email", "POST"), {"confirmation", "e-mail change"}),
    "looking at a reset": (link("auth/confirm_update_password", "GET"), {"reset"}),
    "resetting": (link("auth/confirm_update_password", "POST", json={"password": NEW}), {"reset"}),
    "looking at reminders": (link("birthdays/unsubscribe", "GET"), {"end of reminders"}),
    "ending reminders": (link("birthdays/unsubscribe", "POST"), {"end of reminders"}),
}


async def test_a_token_is_taken_for_its_own_purpose_only(
    client: Client, tokens: Tokens, subtests: pytest.Subtests
) -> None:
    for door, (present, takes) in DOORS.items():
        for kind in tokens.keys() - takes:
            with subtests.test(door=door, refuses=kind):
                response = await present(client, tokens[kind])
                # A JWT is longer than any token of a link, and refused for that already.
                assert response.status in (400, 401, 422), await response.text()
    # No token has been used up at a door that is not its own.
    for door, (present, takes) in DOORS.items():
        for kind in takes:
            with subtests.test(door=door, takes=kind):
                response = await present(client, tokens[kind])
                assert response.status == 200, await response.text()


async def test_no_token_reaches_the_account_whose_e_mail_is_somebodys_name(
    make_person: MakePerson, mailbox: Mailbox
) -> None:
    """Services have looked up a token's user by a claim that held the name."""
    victim = await make_person("victim@example.com", "Victim")
    thief = await make_person("thief@example.com", victim.email)

    me = await (await thief.get("/api/users/me")).json()
    assert (me["email"], me["name"]) == (thief.email, victim.email)
    change = await email_change_link(thief, "thief2@example.com", mailbox)
    assert (await thief.client.post(change)).status == 200
    thief.email = "thief2@example.com"
    reset = await reset_link(thief, mailbox)
    assert (await thief.client.post(reset, json={"password": NEW})).status == 200

    me = await (await victim.get("/api/users/me")).json()
    assert (me["email"], me["name"]) == ("victim@example.com", "Victim")
    await victim.sign_in(PASSWORD)
    body = {"email": victim.email, "password": NEW}
    await problem(
        await victim.client.post("/api/auth/login", json=body), 401, "invalid_credentials"
    )
