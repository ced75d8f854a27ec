"""Pictures of users: what is kept, what is deleted, and the initials of those who have none."""

import asyncio
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from contactsvc.accounts.avatars.service import Avatars, PictureDeleter, initials
from contactsvc.accounts.users.repository import UserRepository
from contactsvc.contacts.address_books import repository as address_books
from contactsvc.platform.errors import NotFound, Unavailable, ValidationFailed
from contactsvc.platform.storage.cloudinary import CloudinaryAccount, CloudinaryStore
from contactsvc.platform.storage.folder import FolderStore
from contactsvc.platform.storage.pictures import Pictures
from contactsvc.platform.storage.store import Reference, Store
from tests.support.cloudinary_server import CloudinaryServer
from tests.support.pictures import colour_at, flag
from tests.support.services import ignore
from tests.support.waiting import PATIENCE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "avatars"


@pytest.fixture
async def pictures() -> AsyncIterator[Pictures]:
    pictures = Pictures()
    yield pictures
    pictures.close()


def avatars_in(pictures: Pictures, *stores: Store) -> Avatars:
    """Keep new pictures in the first store."""
    deleter = PictureDeleter(*stores)
    return Avatars(UserRepository(ignore, address_books, deleter.add), pictures, stores[0], deleter)


@pytest.fixture
async def avatars(orm: None, pictures: Pictures, folder: Path) -> AsyncIterator[Avatars]:
    avatars = avatars_in(pictures, FolderStore(folder))
    yield avatars
    await avatars.close()


def kept(folder: Path) -> list[str]:
    return [f"folder:{file.name}" for file in folder.iterdir()] if folder.exists() else []


def make_undeletable(folder: Path) -> None:
    """Put a folder, which cannot be unlinked, in the place of the picture."""
    (picture,) = folder.iterdir()
    picture.unlink()
    picture.mkdir()


async def test_an_upload_is_kept_and_written_down(
    avatars: Avatars, folder: Path, owner: int, pg: asyncpg.Connection
) -> None:
    user = await avatars.replace(owner, flag())

    assert [user.avatar] == kept(folder)
    assert await pg.fetchval("SELECT avatar FROM users") == user.avatar


async def test_the_picture_before_is_deleted(avatars: Avatars, folder: Path, owner: int) -> None:
    first = await avatars.replace(owner, flag())
    second = await avatars.replace(owner, flag("GIF"))
    await avatars.close()

    assert first.avatar != second.avatar
    assert kept(folder) == [second.avatar]


async def test_the_default_avatar_again(avatars: Avatars, folder: Path, owner: int) -> None:
    await avatars.replace(owner, flag())

    for _ in range(2):
        assert (await avatars.remove(owner)).avatar is None
    await avatars.close()
    assert kept(folder) == []


async def test_an_avatar_is_no_matter_of_access(
    avatars: Avatars, owner: int, pg: asyncpg.Connection
) -> None:
    user = await avatars.replace(owner, flag())

    assert (user.auth_version, user.version) == (1, 2)


async def test_uploads_at_once_leave_the_last_one_alone(
    avatars: Avatars, folder: Path, owner: int, pg: asyncpg.Connection
) -> None:
    await asyncio.gather(*(avatars.replace(owner, flag()) for _ in range(8)))
    await avatars.close()

    assert kept(folder) == [await pg.fetchval("SELECT avatar FROM users")]


async def test_a_refused_upload_changes_nothing(
    avatars: Avatars, folder: Path, owner: int, pg: asyncpg.Connection
) -> None:
    before = await avatars.replace(owner, flag())

    with pytest.raises(ValidationFailed):
        await avatars.replace(owner, b"no picture")

    await avatars.close()
    assert kept(folder) == [before.avatar]
    assert await pg.fetchval("SELECT avatar FROM users") == before.avatar


async def test_nothing_is_left_of_a_picture_that_cannot_be_written_down(
    avatars: Avatars, folder: Path, owner: int
) -> None:
    with pytest.raises(NotFound):
        await avatars.replace(owner + 1, flag())

    await avatars.close()
    assert kept(folder) == []


async def test_a_deletion_that_fails_is_told_in_the_log_alone(
    avatars: Avatars, folder: Path, owner: int, caplog: pytest.LogCaptureFixture
) -> None:
    first = await avatars.replace(owner, flag())
    make_undeletable(folder)

    second = await avatars.replace(owner, flag())
    await avatars.close()

    assert second.avatar != first.avatar
    assert f"{first.avatar} could not be deleted" in caplog.text


@pytest.fixture
async def elsewhere(
    orm: None, pictures: Pictures, folder: Path, cloudinary: CloudinaryServer
) -> AsyncIterator[Avatars]:
    """Pictures go to Cloudinary; some may still be in the folder."""
    store = CloudinaryStore(CloudinaryAccount.parse(cloudinary.url), timeout=600)
    avatars = avatars_in(pictures, store, FolderStore(folder))
    yield avatars
    await avatars.close()
    store.close()


async def test_pictures_in_the_folder_are_deleted_after_a_move_to_cloudinary(
    avatars: Avatars,
    elsewhere: Avatars,
    cloudinary: CloudinaryServer,
    folder: Path,
    owner: int,
) -> None:
    await avatars.replace(owner, flag())

    user = await elsewhere.replace(owner, flag())
    await elsewhere.close()

    assert kept(folder) == []
    ((public_id, picture),) = cloudinary.pictures.items()
    assert user.avatar is not None
    assert Reference.parse(user.avatar).url == cloudinary.url_of(public_id)
    assert colour_at(picture, 0.5, 0.1) == "red"


async def test_pictures_at_cloudinary_are_left_there_after_a_move_to_the_folder(
    avatars: Avatars,
    elsewhere: Avatars,
    cloudinary: CloudinaryServer,
    folder: Path,
    owner: int,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Without CLOUDINARY_URL nobody can delete them; the log says which they are."""
    before = await elsewhere.replace(owner, flag())

    with caplog.at_level(logging.WARNING):
        user = await avatars.replace(owner, flag())
        await avatars.close()

    assert kept(folder) == [user.avatar]
    assert len(cloudinary.pictures) == 1
    assert str(before.avatar) in caplog.text


async def test_when_cloudinary_fails_the_picture_before_stays(
    elsewhere: Avatars, cloudinary: CloudinaryServer, owner: int, pg: asyncpg.Connection
) -> None:
    before = await elsewhere.replace(owner, flag())
    cloudinary.instead = (503, b"")

    with pytest.raises(Unavailable):
        await elsewhere.replace(owner, flag())
    cloudinary.instead = None
    await elsewhere.close()

    assert len(cloudinary.pictures) == 1
    assert await pg.fetchval("SELECT avatar FROM users") == before.avatar


async def test_a_deletion_that_takes_too_long_does_not_keep_the_service_from_ending(
    elsewhere: Avatars,
    cloudinary: CloudinaryServer,
    owner: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("contactsvc.accounts.avatars.service.GRACE", 0.05)
    await elsewhere.replace(owner, flag())
    cloudinary.gate.clear()
    await elsewhere.remove(owner)

    try:
        async with asyncio.timeout(PATIENCE):  # only a hang takes that long
            await elsewhere.close()
        assert len(cloudinary.pictures) == 1, "it ended before the picture was deleted"
    finally:
        cloudinary.gate.set()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Grace Hopper", "GH"),
        ("grace brewster murray hopper", "GH"),
        ("Grace", "G"),
        ("  Grace   Hopper  ", "GH"),
        ("", "X"),
        (" \u00a0 ", "X"),
        ("<script> \x01 \ufffe", "S"),
        ("(Dr.) Åsa Öberg", "DÖ"),
        ("王 小明", "王小"),
        ("ßeta ﬃ", "SF"),
    ],
)
def test_initials(name: str, expected: str) -> None:
    assert initials(name, "x@example.com") == expected


def test_an_e_mail_without_letters() -> None:
    assert initials("", "_@-.-") == "?"
