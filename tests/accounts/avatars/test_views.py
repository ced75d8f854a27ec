"""Avatars over HTTP: who may upload what, where it is seen, and what is left of bad uploads."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from aiohttp import ClientResponse

from contactsvc.platform.settings import Settings
from tests.conftest import Client, Person, pointers, problem
from tests.support.administrators import MakeAdmin
from tests.support.avatars import AVATAR, SMALL, form, kept, upload, uploaded
from tests.support.pictures import NO_PICTURES, SCRIPT, SVG, colour_at, flag, png_of
from tests.support.waiting import PATIENCE, until

DEFAULT = "https://contacts.example.com/api/avatars/initials/AL-{id}.svg"
PUBLIC = "https://contacts.example.com"


async def shown(client: Client, user: dict[str, Any]) -> ClientResponse:
    """Fetch an avatar where avatar_url leads."""
    assert user["avatar_url"].startswith(f"{PUBLIC}/")
    return await client.get(user["avatar_url"].removeprefix(PUBLIC))


def put_something_in_the_way(folder: Path) -> None:
    folder.write_text("a file where the folder should be")


async def test_an_uploaded_avatar_is_seen_by_everybody(admin: Person, client: Client) -> None:
    await admin.get("/api/users/me")  # the default avatar is cached

    user = await uploaded(admin, flag())

    assert await (await admin.get("/api/users/me")).json() == user
    response = await shown(client, user)
    assert response.status == 200
    assert colour_at(await response.read(), 0.5, 0.1) == "red"


async def test_how_an_avatar_is_served(admin: Person, client: Client) -> None:
    response = await shown(client, await uploaded(admin, flag()))

    headers = response.headers
    assert headers["Content-Type"] == "image/webp"
    assert headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert headers["Content-Security-Policy"] == "default-src 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("form_", ["PNG", "JPEG", "WEBP", "GIF"])
@pytest.mark.parametrize("name", ["me.exe", "../../me.svg", None])
async def test_content_decides_and_neither_name_nor_type(
    admin: Person, client: Client, folder: Path, form_: str, name: str | None
) -> None:
    response = await upload(admin, flag(form_), name=name)

    assert response.status == 200, await response.text()
    (file,) = kept(folder)
    assert (await response.json())["avatar_url"] == f"{PUBLIC}/api/avatars/{file}"


async def test_the_default_avatar_again(admin: Person, client: Client, folder: Path) -> None:
    user = await uploaded(admin, flag())

    response = await admin.delete(AVATAR)

    assert response.status == 200
    back = await response.json()
    assert back == user | {"avatar_url": DEFAULT.format(id=user["id"])}
    assert await (await admin.get("/api/users/me")).json() == back
    await until(lambda: kept(folder) == [])
    await problem(await shown(client, user), 404, "not_found")


async def test_deleting_the_default_avatar_changes_nothing(admin: Person) -> None:
    before = await (await admin.get("/api/users/me")).json()

    response = await admin.delete(AVATAR)

    assert (response.status, await response.json()) == (200, before)


async def test_a_replaced_avatar_is_deleted(admin: Person, client: Client, folder: Path) -> None:
    first = await uploaded(admin, flag())
    second = await uploaded(admin, flag("JPEG"))

    assert first["avatar_url"] != second["avatar_url"]
    await until(lambda: len(kept(folder)) == 1)
    assert (await shown(client, first)).status == 404
    assert (await shown(client, second)).status == 200


async def test_an_avatar_goes_with_its_account(
    admin: Person, make_admin: MakeAdmin, folder: Path
) -> None:
    await make_admin("other@example.com")  # the last administrator could not go
    await uploaded(admin, flag())

    gone = await admin.delete("/api/users/me", json={"password": "correct horse battery staple"})

    assert gone.status == 204
    await until(lambda: kept(folder) == [])


async def test_two_uploads_at_once(admin: Person, client: Client, folder: Path) -> None:
    users = await asyncio.gather(uploaded(admin, flag()), uploaded(admin, flag("GIF")))

    now = await (await admin.get("/api/users/me")).json()
    assert now in users
    await until(lambda: len(kept(folder)) == 1)
    assert (await shown(client, now)).status == 200


async def test_avatars_of_several_do_not_mix(
    admin: Person, make_admin: MakeAdmin, client: Client
) -> None:
    other = await make_admin("other@example.com")
    mine, theirs = await asyncio.gather(uploaded(admin, flag()), uploaded(other, SMALL))

    assert mine["id"] != theirs["id"]
    assert (await other.delete(AVATAR)).status == 200
    assert (await shown(client, mine)).status == 200


async def test_users_keep_the_default_avatar(grace: Person, folder: Path) -> None:
    before = await (await grace.get("/api/users/me")).json()

    await problem(await upload(grace, flag()), 403, "forbidden")
    await problem(await grace.delete(AVATAR), 403, "forbidden")

    assert await (await grace.get("/api/users/me")).json() == before
    assert kept(folder) == []


async def answer_to(client: Client, token: str, *lines: str, body: bytes = b"") -> str:
    """Send the head of an upload and some of its body; return the head of what comes first."""
    assert client.server.port
    reader, writer = await asyncio.open_connection(client.server.host, client.server.port)
    head = (
        f"PATCH {AVATAR} HTTP/1.1",
        "Host: x",
        f"Authorization: Bearer {token}",
        "Content-Type: multipart/form-data; boundary=b",
        *lines,
    )
    writer.write("\r\n".join((*head, "", "")).encode() + body)
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE)
    writer.close()
    await writer.wait_closed()
    return answer.decode()


@pytest.mark.parametrize(
    ("lines", "body"),
    [
        (("Content-Length: 1000000",), b"--b\r\n"),
        (("Content-Length: 1000000", "Expect: 100-continue"), b""),
        (("Transfer-Encoding: chunked",), b"3\r\n--b\r\n"),
    ],
    ids=["slow", "expecting", "chunked"],
)
async def test_users_are_refused_before_the_upload_is_read(
    grace: Person, lines: tuple[str, ...], body: bytes
) -> None:
    answer = await answer_to(grace.client, grace.tokens["access_token"], *lines, body=body)

    assert answer.startswith("HTTP/1.1 403 ")


async def test_administrators_are_asked_for_the_upload(admin: Person) -> None:
    lines = ("Content-Length: 1000000", "Expect: 100-continue")

    answer = await answer_to(admin.client, admin.tokens["access_token"], *lines)

    assert answer == "HTTP/1.1 100 Continue\r\n\r\n"


async def test_an_upload_that_is_asked_for_arrives(admin: Person) -> None:
    response = await admin.patch(AVATAR, data=form(flag()), expect100=True)

    assert response.status == 200


async def test_what_is_no_picture(admin: Person, folder: Path, subtests: pytest.Subtests) -> None:
    for upload_ in NO_PICTURES.values():
        with subtests.test(upload_=upload_):
            assert await pointers(await upload(admin, upload_)) == {"/file"}
            assert kept(folder) == []


@pytest.mark.parametrize("size", [(60_000, 60_000), (6_325, 6_325)], ids=str)
async def test_too_many_pixels(admin: Person, folder: Path, size: tuple[int, int]) -> None:
    response = await upload(admin, png_of(*size))

    assert await pointers(response) == {"/file"}
    assert "megapixels" in await response.text()
    assert kept(folder) == []


async def test_a_polyglot_is_drawn_anew(admin: Person, client: Client) -> None:
    polyglot = flag("GIF", comment=SCRIPT) + b"\n/*" + SCRIPT + SVG

    response = await shown(client, await uploaded(admin, polyglot))

    picture = await response.read()
    assert b"script" not in picture
    assert b"svg" not in picture
    assert colour_at(picture, 0.5, 0.1) == "red"


async def test_only_avatars_are_served(
    admin: Person, client: Client, settings: Settings, subtests: pytest.Subtests
) -> None:
    for name in [
        *("0" * 32, f"{'0' * 32}.webp", f"{'0' * 32}.png", "..%2Fsecret_key", "%2Fetc%2Fpasswd"),
        *("..%2F..%2Fapp.py", ".", "x" * 90, "%E2%82%AC"),
    ]:
        with subtests.test(name=name):
            await uploaded(admin, flag())
            (settings.data_dir / "secret_key").write_text("secret")

            response = await client.get(f"/api/avatars/{name}")

            await problem(response, 404, "not_found")


async def test_a_folder_that_cannot_be_written(admin: Person, folder: Path) -> None:
    before = await (await admin.get("/api/users/me")).json()
    put_something_in_the_way(folder)

    response = await upload(admin, flag())

    await problem(response, 503, "unavailable")
    assert response.headers["Retry-After"]
    assert await (await admin.get("/api/users/me")).json() == before


async def test_a_full_disk(
    admin: Person, client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = await uploaded(admin, flag())

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("contactsvc.platform.files.os.fsync", full)

    await problem(await upload(admin, flag()), 503, "unavailable")
    assert await (await admin.get("/api/users/me")).json() == before
    assert len(kept(folder)) == 1
    assert (await shown(client, before)).status == 200
