"""Pictures as files: whole or not at all, and no way out of the folder."""

import stat
from pathlib import Path

import pytest

from contactsvc.platform.errors import NotFound, Unavailable
from contactsvc.platform.storage.folder import FolderStore
from contactsvc.platform.storage.store import Reference

NAME = f"{'0123456789abcdef' * 2}.webp"
OTHER = f"{'f' * 32}.webp"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "avatars"


@pytest.fixture
def store(folder: Path) -> FolderStore:
    return FolderStore(folder)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*"))


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def put_something_in_the_way(folder: Path) -> None:
    folder.write_text("a file where the folder should be")


async def test_a_picture_is_kept_and_found(store: FolderStore, folder: Path) -> None:
    assert await store.put(NAME, b"picture") == Reference("folder", NAME)
    assert await store.read(NAME) == b"picture"
    assert names(folder) == [NAME]


async def test_nobody_else_on_the_machine_reads_it(store: FolderStore, folder: Path) -> None:
    await store.put(NAME, b"picture")

    assert mode(folder) == 0o700
    assert mode(folder / NAME) == 0o600


async def test_a_deleted_picture_is_gone_and_others_stay(store: FolderStore) -> None:
    await store.put(NAME, b"picture")
    await store.put(OTHER, b"other")

    await store.delete(NAME)

    with pytest.raises(NotFound):
        await store.read(NAME)
    assert await store.read(OTHER) == b"other"


async def test_deleting_what_is_not_there_is_no_error(store: FolderStore, folder: Path) -> None:
    await store.delete(NAME)

    assert names(folder) == []


@pytest.mark.parametrize(
    "name",
    [
        *("", ".", "..", "../secret_key", "/etc/passwd", "a/../b", "secret_key", "%2e%2e"),
        *(NAME.upper(), f"{NAME}\n", f"./{NAME}", f"{NAME}.webp", NAME.removesuffix(".webp")),
        *(f"../avatars/{NAME}", f"{NAME[1:]}", f"0{NAME}", "٠" * 32 + ".webp", "\0", "x" * 5000),
    ],
)
async def test_there_is_no_way_out_of_the_folder(
    store: FolderStore, tmp_path: Path, name: str
) -> None:
    await store.put(NAME, b"picture")
    (tmp_path / "secret_key").write_text("secret")

    with pytest.raises(NotFound):
        await store.read(name)
    with pytest.raises(NotFound):
        await store.delete(name)
    with pytest.raises(NotFound):
        await store.put(name, b"evil")
    assert names(tmp_path) == [NAME, "avatars", "secret_key"]


async def test_a_folder_that_cannot_be_written(store: FolderStore, folder: Path) -> None:
    put_something_in_the_way(folder)

    with pytest.raises(Unavailable, match="File exists"):
        await store.put(NAME, b"picture")
    with pytest.raises(Unavailable):
        await store.delete(NAME)
    with pytest.raises(Unavailable):
        await store.read(NAME)


async def test_a_full_disk_leaves_nothing(
    store: FolderStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("contactsvc.platform.files.os.fsync", full)

    with pytest.raises(Unavailable, match="No space left"):
        await store.put(NAME, b"picture")
    assert names(folder) == []


async def test_half_a_picture_is_never_seen(
    store: FolderStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    monkeypatch.setattr("contactsvc.platform.files.os.fsync", lambda _: seen.append(names(folder)))

    await store.put(NAME, b"picture")

    assert NAME not in seen[0], "seen before all of it was on the disk"
