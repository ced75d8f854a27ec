"""The requests that are measured, and the answers that make them comparable."""

import json
import re
import sys
from http.client import HTTPConnection
from typing import Any, Final, NamedTuple

from yarl import URL

from benchmarks.server import Server

CONTACTS: Final = 1000
"""Contacts of the account."""

VARYING: Final = frozenset({"id", "uid", "created_at", "updated_at", "next_cursor"})
"""Fields of an answer in which the floor and the service may differ."""


_CURSOR: Final = re.compile(rb',"next_cursor":("[^"]*"|null)')


class Call(NamedTuple):
    """A request that is repeated.

    Args:
        name: What it is called in tables and in the ratchet file.
        method: GET or POST.
        path: The path, with ``{id}`` for a contact's id.
        wanted: The least throughput wanted, as a share of the floor's.
        body: The JSON body, if there is one.
        turns: How many bodies take turns; ``TURN`` in the body stands for the number, from 0.
    """

    name: str
    method: str
    path: str
    wanted: float
    body: dict[str, Any] | None = None
    turns: int = 1


def contact(number: int) -> dict[str, Any]:
    """Return the body of the contact with that number, from 0; the order by name is the same."""
    return {
        "first_name": f"First{number:04}",
        "last_name": f"Last{number:04}",
        "email": f"person{number}@example.com",
        "phone": "+380501234567",
        "birthday": f"{1930 + number % 90}-{1 + number % 12:02}-{1 + number % 28:02}",
        "notes": "met at a conference",
    }


ME: Final = Call("me", "GET", "/api/users/me", 0.85)
PAGE: Final = Call("page of 50", "GET", "/api/contacts/", 0.85)
ONE: Final = Call("one contact", "GET", "/api/contacts/{id}", 0.85)
# Its name comes last, so that the page stays as it is.
ADD: Final = Call("add a contact", "POST", "/api/contacts/", 0.75, contact(CONTACTS))

CALLS: Final = (ME, PAGE, ONE, ADD)


def answer(server: Server, call: Call) -> bytes:
    """Return the body of the answer to a call; anything but 200 and 201 ends the benchmark."""
    url = URL(server.url)
    connection = HTTPConnection(url.host or "", url.port, timeout=30)
    headers = {"Authorization": f"Bearer {server.token}", "Content-Type": "application/json"}
    body = None if call.body is None else json.dumps(call.body)
    connection.request(call.method, call.path, body, headers)
    response = connection.getresponse()
    found = response.read()
    connection.close()
    if response.status not in (200, 201):
        sys.exit(f"{server.name}: {call.name} answers {response.status}: {found!r}")
    return found


def without_varying(value: Any) -> Any:
    """Return a JSON value with null in place of what may differ; objects keep their order."""
    if isinstance(value, dict):
        return [[k, None if k in VARYING else without_varying(v)] for k, v in value.items()]
    return [without_varying(item) for item in value] if isinstance(value, list) else value


def difference(call: Call, floor: bytes, service: bytes) -> str | None:
    """Return what differs between two answers beyond VARYING, or None.

    Reads of what is there already must be the same to the byte, but for the page's cursor.
    """
    first, second = (without_varying(json.loads(found)) for found in (floor, service))
    if call.method == "GET":
        first, second = (_CURSOR.sub(b"", found) for found in (floor, service))
    if first == second:
        return None
    return f"{call.name}: the floor answers {floor[:400]!r}, the service {service[:400]!r}"
