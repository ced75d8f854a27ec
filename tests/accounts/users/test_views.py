"""Oneself, and everybody's default avatar."""

import re
from xml.etree import ElementTree as ET

import asyncpg
import pytest
from yarl import URL

from tests.conftest import Client, MakeClient, MakePerson, Person, pointers, problem

TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


async def test_me(grace: Person) -> None:
    response = await grace.get("/api/users/me")

    assert response.status == 200
    user = await response.json()
    assert TIME.fullmatch(user.pop("created_at"))
    assert user == {
        "id": 1,
        "email": "grace@example.com",
        "name": "Grace Hopper",
        "role": "user",
        "confirmed": True,
        "is_active": True,
        "avatar_url": "https://contacts.example.com/api/avatars/initials/GH-1.svg",
        "region": None,
    }


async def test_me_is_the_same_from_the_cache(grace: Person) -> None:
    read = await grace.get("/api/users/me")
    cached = await grace.get("/api/users/me")

    assert await read.read() == await cached.read()


async def test_renaming_myself(grace: Person) -> None:
    await grace.get("/api/users/me")  # the old name is cached

    response = await grace.patch("/api/users/me", json={"name": "  Grace Brewster Hopper "})

    assert response.status == 200
    changed = await response.json()
    assert changed["name"] == "Grace Brewster Hopper"
    assert await (await grace.get("/api/users/me")).json() == changed


@pytest.mark.parametrize("name", ["", "x" * 100, "Ірина 🦉", "<script>"])
async def test_names_that_fit(grace: Person, name: str) -> None:
    response = await grace.patch("/api/users/me", json={"name": name})

    assert response.status == 200
    assert (await response.json())["name"] == name


@pytest.mark.parametrize("name", ["x" * 101, None, 1, ["Grace"], "a\nb", "\x1b[31m"])
async def test_names_that_do_not_fit(grace: Person, name: object) -> None:
    assert await pointers(await grace.patch("/api/users/me", json={"name": name})) == {"/name"}
    assert (await (await grace.get("/api/users/me")).json())["name"] == "Grace Hopper"


async def test_my_region_says_how_my_numbers_are_read(grace: Person) -> None:
    typed = {"phone": "020 7946 0958"}
    assert (await grace.add_contact(**typed))["phone"] == "020 7946 0958"

    for sent, region, phone in (
        ("GB", "GB", "+442079460958"),
        ("us", "US", "020 7946 0958"),
        ("gb", "GB", "+442079460958"),
        (None, None, "020 7946 0958"),
        ("gb", "GB", "+442079460958"),
        ("", None, "020 7946 0958"),
    ):
        response = await grace.patch("/api/users/me", json={"region": sent})
        assert response.status == 200
        assert (await response.json())["region"] == region
        assert (await (await grace.get("/api/users/me")).json())["region"] == region
        assert (await grace.add_contact(**typed))["phone"] == phone
    for wrong in ("UK", "GBR", "\u00df", 1, ["GB"]):
        assert await pointers(await grace.patch("/api/users/me", json={"region": wrong})) == {
            "/region"
        }


async def test_where_i_have_no_region_the_default_one_counts(
    make_client: MakeClient, make_person: MakePerson
) -> None:
    person = await make_person(client=await make_client(default_region="GB"))
    typed = {"phone": "020 7946 0958"}

    assert (await person.add_contact(**typed))["phone"] == "+442079460958"
    assert (await (await person.get("/api/users/me")).json())["region"] is None
    await person.patch("/api/users/me", json={"region": "US"})
    assert (await person.add_contact(**typed))["phone"] == "020 7946 0958"


async def test_changing_nothing(grace: Person) -> None:
    before = await (await grace.get("/api/users/me")).json()

    response = await grace.patch("/api/users/me", json={})

    assert response.status == 200
    assert await response.json() == before


async def test_nothing_but_the_name_is_mine_to_change(
    grace: Person, subtests: pytest.Subtests
) -> None:
    for field in ["id", "email", "role", "confirmed", "is_active", "avatar_url", "created_at"]:
        with subtests.test(field=field):
            before = await (await grace.get("/api/users/me")).json()

            response = await grace.patch("/api/users/me", json={"name": "Mallory", field: "admin"})

            assert await pointers(response) == {f"/{field}"}
            assert await (await grace.get("/api/users/me")).json() == before


async def shown(person: Person) -> tuple[str, str]:
    """Return the path of somebody's avatar, and the text of that picture."""
    url = (await (await person.get("/api/users/me")).json())["avatar_url"]
    path = url.removeprefix("https://contacts.example.com")
    assert len(path) < len(url)
    response = await person.client.get(URL(path, encoded=True))
    assert response.status == 200, path
    return path, initials(await response.text())


async def test_everybody_sees_the_default_avatar(grace: Person, client: Client) -> None:
    path, text = await shown(grace)
    assert (path, text) == ("/api/avatars/initials/GH-1.svg", "GH")

    response = await client.get(path)

    assert response.content_type == "image/svg+xml"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in response.headers["Cache-Control"], "the URL says all that it shows"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "G"),
        ("Grace", "G"),
        ("grace brewster hopper", "GH"),
        ("<script>alert(1)</script>", "S"),
        ("<img src=x> &amp;", "IA"),
        ('" onload="', "O"),
        ("Ірина Шевченко", "ІШ"),
        ("\x01\x02", "G"),
        ("\x1b[31m red", "3R"),
        ("\ufffe \uffff", "G"),
        ("straße ŉ", "Sʼ"),
    ],
)
async def test_initials_are_text_whatever_the_name_is(
    grace: Person, pg: asyncpg.Connection, name: str, expected: str
) -> None:
    """XML 1.0 has no way to write some characters, not even escaped."""
    await pg.execute("UPDATE users SET name = $1", name)

    _, text = await shown(grace)

    assert text == expected


async def test_a_default_avatar_is_made_of_its_url_and_of_nothing_else(
    client: Client, subtests: pytest.Subtests
) -> None:
    for name, named in {
        "GH-24": "/colour",
        "GH--1": "/letters",
        "GH-x": "/colour",
        "GH-1.5": "/colour",
        "GHI-1": "/letters",
        "%3Cb-1": "/letters",
        "%26-1": "/letters",
        "%20-1": "/letters",
        "%00-1": "/letters",
        "%ED%A0%80-1": "/letters",
        "G%0A-1": "/letters",
    }.items():
        with subtests.test(name=name):
            url = URL(f"/api/avatars/initials/{name}.svg", encoded=True)
            assert await pointers(await client.get(url)) == {named}
    for name in ("GH", "-1", "GH-"):
        with subtests.test(name=name):
            response = await client.get(f"/api/avatars/initials/{name}.svg")
            await problem(response, 404, "not_found")
    for name, text in {"1-0": "1", "%3F-23": "?", "%D0%86%D0%A8-5": "ІШ", "gh-1": "gh"}.items():
        with subtests.test(name=name):
            url = URL(f"/api/avatars/initials/{name}.svg", encoded=True)
            assert initials(await (await client.get(url)).text()) == text
    await problem(await client.get("/api/users/1/avatar.svg"), 404, "not_found")


def initials(svg: str) -> str:
    """Return the text of a picture that holds nothing but a background and a text."""
    root = ET.fromstring(svg)
    assert [child.tag.rpartition("}")[2] for child in root] == ["rect", "text"]
    return root[1].text or ""
