"""Properties that clients may change: the name of a book, and which card is its owner's own."""

import pytest

from tests.conftest import Person
from tests.contacts.dav.support import CS, NAMESPACES, D, Phone, told

NAME, ME = f"{D}displayname", f"{CS}me-card"


def update(*changes: str) -> str:
    return f"<d:propertyupdate {NAMESPACES}>{''.join(changes)}</d:propertyupdate>"


def setting(content: str) -> str:
    return f"<d:set><d:prop>{content}</d:prop></d:set>"


def removing(content: str) -> str:
    return f"<d:remove><d:prop>{content}</d:prop></d:remove>"


async def change(phone: Phone, path: str, *changes: str) -> dict[str, int]:
    """Return the status of each property; 200 of those that were changed."""
    root = await phone.multistatus("PROPPATCH", path, update(*changes))
    [only] = told(root).values()
    assert only.href == path
    return only.missing | dict.fromkeys(only.found, 200)


async def name_of(phone: Phone) -> str:
    return (await phone.one(phone.book, "d:displayname")).text(NAME)


async def test_a_book_may_have_another_name(phone: Phone) -> None:
    assert await name_of(phone) == "Contacts"

    for name in ("Друзі & family", "x" * 100):
        written = name.replace("&", "&amp;")
        assert await change(
            phone, phone.book, setting(f"<d:displayname> {written}\n</d:displayname>")
        ) == {NAME: 200}
        assert await name_of(phone) == name
    assert await change(phone, phone.book, removing("<d:displayname/>")) == {NAME: 200}
    assert await name_of(phone) == "Contacts"


@pytest.mark.parametrize("name", ["x" * 101, "a\nb", "\u202e"])
async def test_a_name_that_it_cannot_have(phone: Phone, name: str) -> None:
    content = setting(f"<d:displayname>{name}</d:displayname>")

    assert await change(phone, phone.book, content) == {NAME: 409}
    assert await name_of(phone) == "Contacts"


async def test_a_name_changes_nothing_for_those_who_sync(grace: Person, phone: Phone) -> None:
    await grace.add_contact()
    _, token = await phone.sync()
    await change(phone, phone.book, setting("<d:displayname>New</d:displayname>"))

    assert await phone.sync(token) == ({}, token)


async def test_which_card_is_the_owners_own(grace: Person, phone: Phone) -> None:
    """As macOS says it."""
    await grace.add_contact(uid="me")
    card = f"<cs:me-card><d:href>{phone.card('me')}</d:href></cs:me-card>"
    assert (await phone.one(phone.home, "cs:me-card")).missing == {ME: 404}

    assert await change(phone, phone.home, setting(card)) == {ME: 200}

    assert (await phone.one(phone.home, "cs:me-card")).hrefs(ME) == [phone.card("me")]
    assert await change(phone, phone.home, removing("<cs:me-card/>")) == {ME: 200}
    assert (await phone.one(phone.home, "cs:me-card")).missing == {ME: 404}


@pytest.mark.parametrize("href", ["", "/dav/addressbooks/2/1/me.vcf", "https://evil.example.com/"])
async def test_a_card_of_somebody_else_is_not(phone: Phone, href: str) -> None:
    card = f"<cs:me-card><d:href>{href}</d:href></cs:me-card>"

    assert await change(phone, phone.home, setting(card)) == {ME: 409}
    assert (await phone.one(phone.home, "cs:me-card")).missing == {ME: 404}


async def test_all_or_nothing(phone: Phone) -> None:
    name, tag = "<d:displayname>New</d:displayname>", "<d:getetag>x</d:getetag>"

    for changes in ((setting(name + tag),), (setting(name), removing("<d:getetag/>"))):
        assert await change(phone, phone.book, *changes) == {NAME: 424, f"{D}getetag": 403}
    assert await name_of(phone) == "Contacts"


@pytest.mark.parametrize("prop", ["d:resourcetype", "cs:getctag", "card:addressbook-description"])
async def test_no_other_property_can_be_changed(phone: Phone, prop: str) -> None:
    for path in (phone.book, phone.home):
        root = await phone.multistatus("PROPPATCH", path, update(setting(f"<{prop}>x</{prop}>")))
        [only] = told(root).values()
        assert [*only.missing.values()] == [403]
        assert root.find(f".//{D}error/{D}cannot-modify-protected-property") is not None
