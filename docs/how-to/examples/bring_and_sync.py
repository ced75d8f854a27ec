"""Imports a file of contacts, merges two that are one, and keeps a copy of the address book.

It needs the client that openapi-python-client makes of the service's OpenAPI document. Your
password is taken from CONTACTSVC_PASSWORD:

    python bring_and_sync.py https://contacts.example.com you@example.com contacts.vcf
"""

import json
import os
import sys
from pathlib import Path
from typing import TypeVar

from contactsvc_client import AuthenticatedClient, Client
from contactsvc_client.api.auth import login
from contactsvc_client.api.contacts import (
    import_contacts,
    list_changes,
    list_duplicates,
    merge_contacts,
)
from contactsvc_client.models import ImportContactsFilesBody, LoginInput, MergeInput, Problem
from contactsvc_client.types import UNSET, File

Answer = TypeVar("Answer")
COPY = Path("contacts.json")


class RefusedError(Exception):
    """The service has answered with a problem."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(f"{problem.code}: {problem.detail}")
        self.code = problem.code


def given(answer: Answer | Problem | None) -> Answer:
    """Return an answer that is no problem."""
    if isinstance(answer, Problem):
        raise RefusedError(answer)
    if answer is None:
        raise TypeError("The answer is none that the OpenAPI document names.")
    return answer


def bring(client: AuthenticatedClient, path: Path) -> None:
    """Import a file; what was there already is left as it is."""
    with path.open("rb") as file:
        body = ImportContactsFilesBody(File(payload=file, file_name=path.name))
        report = given(import_contacts.sync(client=client, body=body))
    print(f"{report.created} created, {report.skipped} skipped, {report.failed} failed")
    for remark in (*report.errors, *report.warnings):
        print(f"line {remark.line}: {remark.detail}")


def sync(client: AuthenticatedClient, copy: Path) -> None:
    """Bring a copy up to date with what has changed since the last time."""
    state = json.loads(copy.read_text()) if copy.exists() else {"cursor": None, "contacts": {}}
    while True:
        try:
            page = given(list_changes.sync(client=client, cursor=state["cursor"] or UNSET))
        except RefusedError as error:
            if error.code != "cursor_expired":
                raise
            state = {"cursor": None, "contacts": {}}  # away for longer than changes are kept
            continue
        for change in page.items:
            if change.contact:
                state["contacts"][str(change.id)] = change.contact.to_dict()
            else:
                state["contacts"].pop(str(change.id), None)
        state["cursor"] = page.next_cursor
        if not page.has_more:
            break
    new = copy.with_suffix(".new")
    new.write_text(json.dumps(state))
    new.replace(copy)  # whole, or not at all
    print(f"{len(state['contacts'])} contacts in {copy}")


def merge(client: AuthenticatedClient) -> None:
    """Merge the contacts that are most likely one; `undo` takes it back for 30 days."""
    found = given(list_duplicates.sync(client=client, limit=1))
    for duplicate in found.items:
        into, *others = duplicate.ids
        merged = given(merge_contacts.sync(client=client, body=MergeInput(into=into, from_=others)))
        print(f"{merged.contact.display_name} is one contact now (operation {merged.operation_id})")


def main(origin: str, email: str, file: str) -> None:
    """Sign in, and do all three."""
    with Client(base_url=origin) as client:
        body = LoginInput(email=email, password=os.environ["CONTACTSVC_PASSWORD"])
        tokens = given(login.sync(client=client, body=body))
    with AuthenticatedClient(base_url=origin, token=tokens.access_token) as client:
        bring(client, Path(file))
        sync(client, COPY)
        merge(client)
        sync(client, COPY)


if __name__ == "__main__":
    main(*sys.argv[1:])
