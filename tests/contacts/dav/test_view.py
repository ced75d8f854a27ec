"""What all resources of CardDAV share: who may come in, OPTIONS, depth, and how bodies are read."""

import pytest

from tests.conftest import PASSWORD, Client, MakeClient, MakePerson, Person, problem
from tests.contacts.dav.support import D, Phone, condition, multiget, propfind
from tests.support.app_passwords import basic

PATHS = {
    "/dav/": "OPTIONS, PROPFIND",
    "/dav/principals/1/": "OPTIONS, PROPFIND",
    "/dav/addressbooks/1/": "OPTIONS, PROPFIND, PROPPATCH",
    "/dav/addressbooks/1/1/": "OPTIONS, PROPFIND, PROPPATCH, REPORT",
    "/dav/addressbooks/1/1/ada.vcf": "DELETE, GET, HEAD, OPTIONS, PROPFIND, PUT",
}


@pytest.mark.parametrize(("path", "methods"), PATHS.items())
async def test_options_are_told_before_a_sign_in(client: Client, path: str, methods: str) -> None:
    """Evolution asks the book, DAVx5 the principal."""
    told = await client.options(path)

    assert (told.status, await told.read()) == (200, b"")
    assert told.headers["DAV"] == "1, 3, access-control, addressbook, extended-mkcol"
    assert told.headers["Allow"] == methods


@pytest.mark.parametrize("path", PATHS)
async def test_methods_that_there_are_not(phone: Phone, path: str) -> None:
    for method in ("MKCOL", "COPY", "MOVE", "LOCK", "UNLOCK", "POST", "PATCH", "ACL"):
        refused = await phone.request(method, path)

        await problem(refused, 405, "method_not_allowed")
        assert refused.headers["Allow"].split(",") == PATHS[path].split(", ")


@pytest.mark.parametrize("path", PATHS)
async def test_whoever_is_not_signed_in_is_told_how(client: Client, path: str) -> None:
    refused = await client.request("PROPFIND", path, data=propfind("d:displayname"))

    await problem(refused, 401, "unauthenticated")
    assert refused.headers["WWW-Authenticate"] == 'Basic realm="contactsvc", charset="UTF-8"'


async def test_the_password_of_the_account_is_none_here(grace: Person, phone: Phone) -> None:
    for credentials in (basic(grace.email, PASSWORD), grace.headers):
        refused = await Phone(phone.client, credentials).request("PROPFIND", "/dav/")
        await problem(refused, 401, "unauthenticated")


OWN = [path for path in PATHS if path != "/dav/"]


@pytest.mark.parametrize("path", OWN)
async def test_somebody_elses_resources_look_like_none(
    phone: Phone, make_person: MakePerson, path: str
) -> None:
    bob = await make_person("bob@example.com", "Bob")
    await bob.add_contact(uid="ada")
    bobs, nobodys = (path.replace("/1/", f"/{user_id}/", 1) for user_id in (2, 99))
    for method in set(PATHS[path].split(", ")) - {"OPTIONS", "HEAD"}:
        for other in (bobs, nobodys):
            await problem(await phone.request(method, other), 404, "not_found")
    assert len((await (await bob.get("/api/contacts/")).json())["items"]) == 1


@pytest.mark.parametrize(
    "path",
    [
        "/dav/addressbooks/1/2/",
        "/dav/addressbooks/01/1/",
        "/dav/addressbooks/1/01/",
        "/dav/addressbooks/1/1/ada",
        "/dav/addressbooks/x/",
        "/dav/addressbooks/",
        "/dav/principals/",
        "/dav/principals/grace@example.com/",
    ],
)
async def test_there_are_no_other_resources(phone: Phone, path: str) -> None:
    await problem(await phone.request("PROPFIND", path), 404, "not_found")


async def test_depth(grace: Person, phone: Phone) -> None:
    """Clients that leave it out want to see what is inside."""
    await grace.add_contact()
    body = propfind("d:resourcetype")

    async def count(**headers: str) -> int:
        return len(await phone.multistatus("PROPFIND", phone.book, body, **headers))

    assert await count(Depth="0") == 1
    assert await count(Depth="1") == await count() == 2
    refused = await phone.request("PROPFIND", phone.book, body, Depth="infinity")
    assert (await condition(refused, 403)).tag == f"{D}propfind-finite-depth"
    for depth in ("2", "", "x", "1,noroot"):
        refused = await phone.request("PROPFIND", phone.book, body, Depth=depth)
        await problem(refused, 400, "malformed_body")


@pytest.mark.parametrize(
    "headers",
    [{"Brief": "t"}, {"Prefer": "return=minimal"}, {"Prefer": "depth-noroot, return=minimal"}],
)
async def test_what_is_missing_may_be_passed_over(phone: Phone, headers: dict[str, str]) -> None:
    names = ("d:displayname", "d:quota-used-bytes")

    [told] = (await phone.propfind(phone.book, *names, **headers)).values()
    assert not told.missing
    [told] = (await phone.propfind(phone.book, *names, Prefer="return=representation")).values()
    assert told.missing == {f"{D}quota-used-bytes": 404}


async def test_no_body_asks_for_all_properties(phone: Phone) -> None:
    root = await phone.multistatus("PROPFIND", "/dav/", Depth="0")

    names = {each.tag for each in root.iterfind(f"{D}response/{D}propstat/{D}prop/*")}
    assert names == {f"{D}resourcetype", f"{D}displayname"}


@pytest.mark.parametrize("headers", [{"Content_Type": "text/plain"}, {"Accept": "text/html"}])
async def test_what_a_body_is_called_does_not_matter(phone: Phone, headers: dict[str, str]) -> None:
    assert await phone.multistatus("PROPFIND", "/dav/?x=1", propfind("d:x"), **headers) is not None


LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><propfind xmlns="DAV:">&b;</propfind>'
PASSWD = (
    '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><propfind xmlns="DAV:">&x;</propfind>'
)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("{}", 400),
        ("<propfind/>", 400),
        (LAUGHS, 400),
        (PASSWD, 400),
        ("<a>" * 1000 + "</a>" * 1000, 400),
        (propfind(*(f"d:a{n}" for n in range(1000))), 413),
        ("<a>" + "x" * (4 * 1024**2) + "</a>", 413),
        ("<a>" + "<b/>" * 50_000 + "</a>", 413),
        (multiget(*("/dav/addressbooks/1/1/x.vcf" for _ in range(100_000))), 413),
    ],
    ids=["json", "namespace", "laughs", "file", "deep", "properties", "large", "elements", "hrefs"],
)
async def test_hostile_bodies(phone: Phone, body: str, status: int) -> None:
    for method, path in (
        ("PROPFIND", "/dav/"),
        ("PROPFIND", phone.book),
        ("PROPPATCH", phone.home),
        ("REPORT", phone.book),
    ):
        refused = await phone.request(method, path, body)
        text = await refused.text()
        expected = {status, 400, 403} if method != "PROPFIND" else {status}
        assert refused.status in expected, text
        assert "root:" not in text


async def test_a_public_url_with_a_path(phone: Phone, make_client: MakeClient) -> None:
    """Its path is before all URLs, as a proxy takes it off."""
    client = await make_client(public_url="https://example.com/book")
    behind = Phone(client, phone.credentials)

    found = await behind.request("PROPFIND", "/.well-known/carddav")
    assert found.headers["Location"] == "/book/dav/"
    root = await behind.one("/dav/", "d:current-user-principal")
    assert root.href == "/book/dav/"
    assert root.hrefs(f"{D}current-user-principal") == ["/book/dav/principals/1/"]
