"""Avatars that are kept at Cloudinary, and what becomes of them when it fails or is left for."""

from pathlib import Path

import pytest

from tests.accounts.avatars.test_views import shown
from tests.conftest import Client, MakeClient, Person, problem
from tests.support.administrators import MakeAdmin
from tests.support.avatars import AVATAR, kept, upload, uploaded
from tests.support.cloudinary_server import CloudinaryServer
from tests.support.pictures import colour_at, flag
from tests.support.waiting import until


@pytest.fixture
async def cloud_admin(
    make_client: MakeClient, make_admin: MakeAdmin, cloudinary: CloudinaryServer
) -> Person:
    """An administrator of a service whose avatars are at Cloudinary."""
    return await make_admin(client=await make_client(cloudinary_url=cloudinary.url))


async def test_an_avatar_at_cloudinary(
    cloud_admin: Person, cloudinary: CloudinaryServer, folder: Path
) -> None:
    user = await uploaded(cloud_admin, flag())

    ((public_id, picture),) = cloudinary.pictures.items()
    assert user["avatar_url"] == cloudinary.url_of(public_id)
    assert colour_at(picture, 0.5, 0.1) == "red"
    assert kept(folder) == []
    assert (await cloud_admin.delete(AVATAR)).status == 200
    await until(lambda: cloudinary.pictures == {})


@pytest.mark.parametrize("instead", [(503, b""), (401, b'{"error": {}}'), (200, b"garbage")])
async def test_when_cloudinary_fails_the_old_avatar_stays(
    cloud_admin: Person, cloudinary: CloudinaryServer, instead: tuple[int, bytes]
) -> None:
    before = await uploaded(cloud_admin, flag())
    cloudinary.instead = instead

    response = await upload(cloud_admin, flag())

    await problem(response, 503, "unavailable")
    assert len(cloudinary.pictures) == 1
    assert await (await cloud_admin.get("/api/users/me")).json() == before
    # Whatever became of the new one, it is told to go.
    await until(lambda: "destroy" in cloudinary.calls)


async def test_nobody_waits_for_the_deletion_of_an_old_avatar(
    cloud_admin: Person, client: Client, cloudinary: CloudinaryServer
) -> None:
    await uploaded(cloud_admin, flag())
    cloudinary.gate.clear()

    response = await cloud_admin.delete(AVATAR)

    assert response.status == 200
    await until(lambda: "destroy" in cloudinary.calls)
    assert len(cloudinary.pictures) == 1
    cloudinary.gate.set()
    await until(lambda: cloudinary.pictures == {})


async def test_an_avatar_outlives_a_move_to_cloudinary(
    admin: Person, make_client: MakeClient, cloudinary: CloudinaryServer, folder: Path
) -> None:
    user = await uploaded(admin, flag())
    moved = Person(await make_client(cloudinary_url=cloudinary.url), admin.email)
    await moved.sign_in()

    assert await (await moved.get("/api/users/me")).json() == user
    assert (await shown(moved.client, user)).status == 200
    await uploaded(moved, flag())
    await until(lambda: kept(folder) == [])
