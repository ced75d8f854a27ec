"""Photos of contacts over HTTP: what is kept of an upload, and who gets it."""

import random
from typing import Any

import asyncpg
import pytest
from PIL import ExifTags, Image

from tests.conftest import MakePerson, Person, pointers, problem
from tests.support.photo_uploads import photo_of, put_photo
from tests.support.pictures import NO_PICTURES, SCRIPT, SVG, colour_at, flag, opened, png_of, saved

NOTHING = '"00000000000000000000000000000000"'


async def contact_of(person: Person, contact: dict[str, Any]) -> tuple[dict[str, Any], str]:
    """Return a contact as it is now, and its ETag."""
    response = await person.get(f"/api/contacts/{contact['id']}")
    return await response.json(), response.headers["ETag"]


async def photo(person: Person, contact: dict[str, Any]) -> bytes:
    response = await person.get(photo_of(contact))
    assert response.status == 200
    return await response.read()


async def kept(pg: asyncpg.Connection) -> list[tuple[int, str]]:
    """Return contact and digest of each photo that is kept."""
    rows = await pg.fetch("SELECT contact_id, etag FROM contact_photos")
    return [(row["contact_id"], row["etag"]) for row in rows]


async def test_a_photo_is_set_read_and_deleted(grace: Person, pg: asyncpg.Connection) -> None:
    ada = await grace.add_contact()
    assert ada["photo_url"] is None
    await problem(await grace.get(photo_of(ada)), 404, "not_found")

    response = await put_photo(grace, ada, flag(size=(900, 600)))

    assert (response.status, await response.read()) == (204, b"")
    assert "ETag" not in response.headers, "what is kept is not what was sent (RFC 9110, 9.3.4)"
    shown, _ = await contact_of(grace, ada)
    assert shown["photo_url"] == f"https://contacts.example.com{photo_of(ada)}"
    picture = await photo(grace, ada)
    assert (opened(picture).format, opened(picture).size) == ("JPEG", (512, 341))
    assert (colour_at(picture, 0.5, 0.1), colour_at(picture, 0.5, 0.9)) == ("red", "blue")

    assert (await grace.delete(photo_of(ada))).status == 204

    await problem(await grace.get(photo_of(ada)), 404, "not_found")
    await problem(await grace.delete(photo_of(ada)), 404, "not_found")
    assert (await contact_of(grace, ada))[0]["photo_url"] is None
    assert await kept(pg) == []


async def test_how_a_photo_is_served(grace: Person) -> None:
    ada = await grace.add_contact()
    await put_photo(grace, ada, flag())

    response = await grace.get(photo_of(ada))
    head = await grace.request("HEAD", photo_of(ada))

    assert response.headers["Content-Type"] == "image/jpeg"
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert head.status == 200
    assert await head.read() == b""
    same = ("ETag", "Content-Type", "Content-Length", "Cache-Control")
    assert [head.headers[name] for name in same] == [response.headers[name] for name in same]
    refused = await grace.get(photo_of(ada), headers={"Accept": "application/json"})
    await problem(refused, 406, "not_acceptable")


async def test_a_photo_that_the_caller_has_is_not_sent_again(
    grace: Person, subtests: pytest.Subtests
) -> None:
    ada = await grace.add_contact()
    await put_photo(grace, ada, flag())
    etag = (await grace.get(photo_of(ada))).headers["ETag"]
    for seen, status in (
        *((etag, 304), (f"W/{etag}", 304), (f"{NOTHING}, {etag}", 304), ("*", 304)),
        *((NOTHING, 200), (etag.strip('"'), 200), ('"1"', 200), ("", 200), ('"\u00e9"', 200)),
    ):
        for method in ("GET", "HEAD"):
            with subtests.test(seen=seen, method=method):
                headers = {"If-None-Match": seen}
                response = await grace.request(method, photo_of(ada), headers=headers)
                assert response.status == status
                assert response.headers["ETag"] == etag
                assert response.headers["Cache-Control"] == "private, no-cache"
    await put_photo(grace, ada, flag("GIF", (9, 90)))
    again = await grace.get(photo_of(ada), headers={"If-None-Match": etag})
    assert again.status == 200
    assert again.headers["ETag"] != etag


async def test_a_photo_is_a_change_of_its_contact(grace: Person, pg: asyncpg.Connection) -> None:
    ada = await grace.add_contact(notes="as they were", tags=["friends"])
    seq = await pg.fetchval("SELECT seq FROM contacts")
    seen, etag = await contact_of(grace, ada)
    for number, size in enumerate([(60, 40), (20, 20), None], 1):
        upload = size and put_photo(grace, ada, flag(size=size))
        assert (await (upload or grace.delete(photo_of(ada)))).status == 204
        now, changed = await contact_of(grace, ada)
        assert changed not in (etag, '"1"')
        assert now["updated_at"] > seen["updated_at"]
        same = now | {name: seen[name] for name in ("updated_at", "photo_url")}
        assert same == seen, "nothing else is changed"
        assert await pg.fetchval("SELECT seq FROM contacts") == seq + number
        assert await pg.fetchval("SELECT count(*) FROM contact_versions") == number
        seen, etag = now, changed


async def test_the_same_photo_again_is_no_change(grace: Person, pg: asyncpg.Connection) -> None:
    ada = await grace.add_contact()
    await put_photo(grace, ada, flag())
    before = await contact_of(grace, ada)

    assert (await put_photo(grace, ada, flag())).status == 204

    assert await contact_of(grace, ada) == before
    assert await pg.fetchval("SELECT seq FROM contacts") == 2


async def test_other_changes_leave_the_photo(grace: Person) -> None:
    ada = await grace.add_contact()
    await put_photo(grace, ada, flag())
    picture, (shown, _) = await photo(grace, ada), await contact_of(grace, ada)
    path = f"/api/contacts/{ada['id']}"

    patched = await (await grace.patch(path, json={"first_name": "Augusta"})).json()
    replaced = await (await grace.put(path, json=patched)).json()
    without = {"last_name": "Lovelace", "photo_url": None}
    emptied = await (await grace.put(path, json=without)).json()

    assert shown["photo_url"]
    assert {answer["photo_url"] for answer in (patched, replaced, emptied)} == {shown["photo_url"]}
    assert await photo(grace, ada) == picture


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
async def test_content_decides_and_not_the_type(grace: Person, form: str) -> None:
    ada = await grace.add_contact()
    for media_type in ("image/png", "image/jpeg; charset=x", "image/x-made-up", "IMAGE/GIF"):
        response = await put_photo(grace, ada, flag(form, (60, 40)), media_type)
        assert response.status == 204, await response.text()
        assert opened(await photo(grace, ada)).size == (60, 40)


async def test_what_is_announced_as_no_picture(
    grace: Person, pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    ada = await grace.add_contact()
    for media_type in (
        *("image/svg+xml", "IMAGE/SVG+XML; charset=utf-8", "application/json", "text/html"),
        *("multipart/form-data; boundary=b", "application/octet-stream", "image", "imagex/png"),
    ):
        with subtests.test(media_type=media_type):
            response = await put_photo(grace, ada, flag(), media_type)
            await problem(response, 415, "unsupported_media_type")
    assert await kept(pg) == []


async def test_what_is_no_picture(
    grace: Person, pg: asyncpg.Connection, subtests: pytest.Subtests
) -> None:
    ada = await grace.add_contact()
    hostile = {
        "nothing": b"",
        "a bomb": png_of(60_000, 60_000),
        "more than 40 megapixels": png_of(6_325, 6_325),
        "one row more than 40 megapixels": png_of(8_000, 5_001),
        **NO_PICTURES,
    }
    for name, file in hostile.items():
        with subtests.test(name=name):
            assert await pointers(await put_photo(grace, ada, file)) == {""}
            assert await kept(pg) == []
    shown, etag = await contact_of(grace, ada)
    assert (shown["photo_url"], etag) == (None, '"1"')


@pytest.mark.slow
async def test_forty_megapixels_are_not_too_many(grace: Person) -> None:
    ada = await grace.add_contact()
    large = saved(Image.new("1", (8_000, 5_000), 1), compress_level=1)

    assert (await put_photo(grace, ada, large)).status == 204

    assert opened(await photo(grace, ada)).size == (512, 320)


def padded(size: int) -> bytes:
    """Return a picture with so much behind it that it has that many bytes."""
    return flag() + bytes(size - len(flag()))


async def test_five_mebibytes_and_a_byte_more(grace: Person, pg: asyncpg.Connection) -> None:
    ada = await grace.add_contact()
    most = 5 * 1024 * 1024

    async def without_a_length() -> Any:
        yield padded(most)
        yield b"x"

    for file in (padded(most + 1), without_a_length()):
        await problem(await put_photo(grace, ada, file), 413, "payload_too_large")
    assert await kept(pg) == []
    assert (await put_photo(grace, ada, padded(most))).status == 204


async def test_nothing_but_the_picture_is_kept(grace: Person) -> None:
    ada = await grace.add_contact()
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 3
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSAreaInformation] = "50.4501 N"
    upload = flag("JPEG", (60, 60), exif=exif, comment=SCRIPT) + SCRIPT + SVG
    assert b"50.4501" in upload

    assert (await put_photo(grace, ada, upload)).status == 204

    picture = await photo(grace, ada)
    assert not any(part in picture for part in (b"50.4501", b"script", b"svg", b"Exif", b"ICC"))
    assert (colour_at(picture, 0.5, 0.1), colour_at(picture, 0.5, 0.9)) == ("blue", "red")


async def test_a_photo_has_a_size_that_backups_can_count_on(grace: Person) -> None:
    """Noise is what a JPEG makes the most of."""
    ada = await grace.add_contact()
    noise = Image.frombytes("RGB", (512, 512), random.Random(1).randbytes(512 * 512 * 3))

    assert (await put_photo(grace, ada, saved(noise, compress_level=1))).status == 204

    assert len(await photo(grace, ada)) < 300 * 1024


async def test_nobody_reaches_the_photo_of_somebody_elses_contact(
    grace: Person, make_person: MakePerson, pg: asyncpg.Connection
) -> None:
    bob = await make_person("bob@example.com", "Bob")
    theirs = await bob.add_contact()
    await put_photo(bob, theirs, flag())
    before, picture = await kept(pg), await photo(bob, theirs)

    for contact in (theirs, {"id": 999_999}):
        for response in (
            await grace.get(photo_of(contact)),
            await grace.get(photo_of(contact), headers={"If-None-Match": "*"}),
            await put_photo(grace, contact, flag("GIF")),
            await put_photo(grace, contact, flag("GIF"), If_Match="*"),
            await put_photo(grace, contact, flag("GIF"), "text/plain"),
            await grace.delete(photo_of(contact)),
        ):
            await problem(response, 404, "not_found")

    assert (await kept(pg), await photo(bob, theirs)) == (before, picture)
    assert (await grace.client.get(photo_of(theirs))).status == 401


async def test_a_photo_waits_in_the_trash_with_its_contact(
    grace: Person, pg: asyncpg.Connection
) -> None:
    ada = await grace.add_contact()
    await put_photo(grace, ada, flag())
    before = await kept(pg)

    assert (await grace.delete(f"/api/contacts/{ada['id']}")).status == 204

    await problem(await grace.get(photo_of(ada)), 404, "not_found")
    await problem(await put_photo(grace, ada, flag()), 404, "not_found")
    assert await kept(pg) == before, "it is there to be restored"


async def test_a_photo_goes_with_the_account(grace: Person, pg: asyncpg.Connection) -> None:
    await put_photo(grace, await grace.add_contact(), flag())
    assert len(await kept(pg)) == 1

    body = {"password": "correct horse battery staple"}
    assert (await grace.delete("/api/users/me", json=body)).status == 204

    assert await kept(pg) == []
