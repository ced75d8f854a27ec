"""People who use a stack, through HTTP alone."""

import re
from dataclasses import dataclass
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from tests.conftest import PASSWORD
from tests.deploy.compose.over_http import Answer
from tests.deploy.compose.stack import Stack, eventually

_LINK = re.compile(r"https?://\S+/confirmed_email/\S+")
_numbers = count(1)


@dataclass
class Account:
    """Somebody who is signed in.

    Args:
        stack: Where.
        email: Of the account.
        access_token: Of the session.
        refresh_token: Of the session.
    """

    stack: Stack
    email: str
    access_token: str = ""
    refresh_token: str = ""

    def ask(self, method: str, path: str, **options: Any) -> Answer:
        return self.stack.ask(method, path, token=self.access_token, **options)

    def sign_in(self) -> None:
        self._keep("/api/auth/login", {"email": self.email, "password": PASSWORD})

    def renew(self) -> None:
        self._keep("/api/auth/refresh", {"refresh_token": self.refresh_token})

    def add_contact(self, first_name: str) -> None:
        answer = self.ask("POST", "/api/contacts/", json={"first_name": first_name})
        assert answer.status == 201, answer

    def contacts(self) -> list[str]:
        answer = self.ask("GET", "/api/contacts/")
        assert answer.status == 200, answer
        return [contact["first_name"] for contact in answer.json()["items"]]

    def _keep(self, path: str, body: dict[str, str]) -> None:
        answer = self.stack.ask("POST", path, json=body)
        assert answer.status == 200, answer
        self.access_token = answer.json()["access_token"]
        self.refresh_token = answer.json()["refresh_token"]


def join(stack: Stack) -> Account:
    """Register, follow the link of the mail that comes, and sign in."""
    account = Account(stack, f"somebody.{next(_numbers)}@example.com")
    eventually(lambda: stack.ask_mail_catcher("/readyz").status == 200)
    earlier = links(stack)
    body = {"email": account.email, "password": PASSWORD, "name": "Grace Hopper"}
    answer = stack.ask("POST", "/api/auth/register", json=body)
    assert answer.status == 201, answer
    eventually(lambda: links(stack) not in ([], earlier))
    [link] = links(stack)
    assert stack.ask("POST", urlsplit(link).path, json={}).status == 200
    account.sign_in()
    return account


def links(stack: Stack) -> list[str]:
    """Return the links of the latest mail that confirm an e-mail."""
    return _LINK.findall(stack.ask_mail_catcher("/view/latest.txt").body.decode())


def administrator(stack: Stack, service: str) -> Account:
    """Make an administrator with the command of the documentation, and sign in."""
    account = Account(stack, f"admin.{next(_numbers)}@example.com")
    command = ("contactsvc", "create-admin", account.email)
    stack.run_inside(service, *command, stdin=f"{PASSWORD}\n")
    account.sign_in()
    return account
