"""Nor does anybody by CardDAV: the sign-in says whose book it is, whatever a URL says."""

import asyncpg
import pytest

from tests.conftest import MakePerson, Person
from tests.contacts.dav.support import D, multiget, phone_of, propfind, sync, vcard
from tests.flows.test_access_matrix import CARDDAV
from tests.flows.test_isolation import MISSING
from tests.support.neighbours import Two, neighbours


@pytest.fixture
async def two(grace: Person, make_person: MakePerson) -> Two:
    return await neighbours(grace, make_person)


NEW = {
    "PROPFIND": propfind("d:getetag", "d:displayname", "card:addressbook-home-set").encode(),
    "PROPPATCH": b'<propertyupdate xmlns="DAV:"><set><prop><displayname>Mallory'
    b"</displayname></prop></set></propertyupdate>",
    "REPORT": sync().encode(),
    "PUT": vcard("ada", "Mallory"),
}
"""What is sent along by CardDAV, by method."""
OWNED = [(method, path) for method, path in CARDDAV if "{user_id}" in path and method != "OPTIONS"]
OWNED += [("HEAD", path) for method, path in OWNED if method == "GET"]


async def test_somebody_elses_address_book_looks_like_none(
    two: Two, pg: asyncpg.Connection
) -> None:
    """By every method of CardDAV that there is, with and without conditions."""
    grace, bob = await phone_of(two.grace, pg), await phone_of(two.bob, pg)
    await grace.put("ada", vcard("ada"))  # which is not to stand in for the other's
    card = await bob.put("ada", vcard("ada"))
    conditions: list[dict[str, str]]
    conditions = [{}, {"If_Match": "*"}, {"If_Match": card.headers["ETag"]}, {"If_None_Match": "*"}]
    for method, path in OWNED:
        for headers in conditions:
            answers = []
            for user_id in (bob.user_id, MISSING):
                url = path.format(user_id=user_id, book_id=1, name="ada")
                sent = headers | {"X_Request_ID": "one", "Content_Type": "text/vcard"}
                answer = await grace.request(method, url, NEW.get(method), **sent)
                kept = [(name, value) for name, value in answer.headers.items() if name != "Date"]
                answers.append((answer.status, kept, await answer.read()))
            assert answers[0] == answers[1], (method, path, headers)
            assert answers[0][0] == 404, (method, path, headers)
    still = await bob.request("GET", bob.card("ada"))
    assert (still.headers["ETag"], await still.read()) == (card.headers["ETag"], vcard("ada"))
    assert (await bob.one(bob.book, "d:displayname")).text(f"{D}displayname") == "Contacts"


async def test_no_url_in_a_report_leads_to_somebody_elses_card(
    two: Two, pg: asyncpg.Connection
) -> None:
    grace, bob = await phone_of(two.grace, pg), await phone_of(two.bob, pg)
    await bob.put("bobs", vcard("bobs"))
    escaped = [f"{grace.book}{up}/{up}/{bob.user_id}/1/bobs.vcf" for up in ("..", "%2e%2e")]
    hrefs = [bob.card("bobs"), grace.card("bobs"), "bobs.vcf", *escaped]
    found = await grace.report(multiget(*hrefs))
    assert {href: told.status for href, told in found.items()} == dict.fromkeys(
        hrefs[:2] + escaped, 404
    )
