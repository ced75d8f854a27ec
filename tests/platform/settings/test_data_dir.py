"""Whether DATA_DIR can be used."""

from pathlib import Path

from contactsvc.platform.settings.data_dir import unwritable


def test_a_folder_is_made_and_left_empty(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "down"
    assert unwritable(folder) is None
    assert list(folder.iterdir()) == []


def test_one_that_cannot_be_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    folder = tmp_path / "file" / "var"
    assert unwritable(folder) == f"DATA_DIR: {folder} cannot be written to: Not a directory."
