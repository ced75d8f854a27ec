"""Two people who have a contact each, which are alike."""

from typing import Any, NamedTuple

from tests.conftest import MakePerson, Person


class Two(NamedTuple):
    """Grace, with one contact, and Bob, with another."""

    grace: Person
    bob: Person
    own: dict[str, Any]
    other: dict[str, Any]


async def neighbours(grace: Person, make_person: MakePerson) -> Two:
    """Return Grace and Bob, whose contacts differ in nothing but their owner."""
    bob = await make_person("bob@example.com", "Bob")
    card: dict[str, Any] = {"last_name": "Lovelace", "email": "ada@example.com"}
    card |= {"birthday": "1815-12-10", "phone": "+442079460958"}
    card |= {"organization": "Analytical Engines", "tags": ["friends"]}
    return Two(grace, bob, await grace.add_contact(**card), await bob.add_contact(**card))
