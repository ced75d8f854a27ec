"""How the profile is sent."""

import plistlib

from tests.conftest import Client, Person, problem

PATH = "/api/users/me/carddav.mobileconfig"


async def test_the_profile_sets_up_the_signed_in_user(grace: Person) -> None:
    me = await (await grace.get("/api/users/me")).json()

    response = await grace.get(PATH)

    assert response.status == 200, await response.text()
    found = plistlib.loads(await response.read())
    (account,) = found["PayloadContent"]
    assert found["PayloadType"] == "Configuration"
    assert found["PayloadUUID"] != account["PayloadUUID"]
    assert account["PayloadType"] == "com.apple.carddav.account"
    assert account["CardDAVHostName"] == "contacts.example.com"
    assert account["CardDAVPrincipalURL"] == f"/dav/principals/{me['id']}/"
    assert account["CardDAVUsername"] == grace.email
    assert "CardDAVPassword" not in account


async def test_how_it_is_sent(grace: Person) -> None:
    response = await grace.get(PATH)
    head = await grace.request("HEAD", PATH)

    assert response.headers["Content-Type"] == "application/x-apple-aspen-config"
    assert response.headers["Cache-Control"] == "no-store"
    name = 'attachment; filename="contacts.mobileconfig"'
    assert response.headers["Content-Disposition"] == name
    assert head.status == 200
    assert head.headers["Content-Length"] == response.headers["Content-Length"]


async def test_it_is_for_those_who_are_signed_in(client: Client, grace: Person) -> None:
    await problem(await client.get(PATH), 401, "unauthenticated")
    await problem(await grace.get(PATH, headers={"Accept": "text/html"}), 406, "not_acceptable")
