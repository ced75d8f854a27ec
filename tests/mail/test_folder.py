"""Mail as files: whole, private, in order."""

import asyncio
import os
import stat
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path

import pytest

from contactsvc.mail.folder import FOLDER, FolderSender, purge
from contactsvc.mail.renderer import MailRenderer
from contactsvc.mail.sender import TemporaryFailure
from contactsvc.platform.clock import now
from tests.support.mailbox import Mailbox


def mail(to: str = "ada@example.com", number: int = 1) -> EmailMessage:
    renderer = MailRenderer("https://contacts.example.com", "Contacts <post@example.com>")
    return renderer.render("test", to, f"test-{number}")


def files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


async def test_a_mail_becomes_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path / "mail")

    await sender.send(mail())

    [file] = files(tmp_path / "mail")
    assert sender.place == str(tmp_path / "mail")
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert b"\r\nTo: ada@example.com\r\n" in file.read_bytes()  # RFC 5322 wants CRLF


async def test_the_names_sort_by_time(tmp_path: Path) -> None:
    for number in range(20):
        await FolderSender(tmp_path).send(mail(number=number))

    ids = [str(each["Message-ID"]) for each in Mailbox(tmp_path).all()]
    assert ids == [f"<test-{number}@example.com>" for number in range(20)]


@pytest.mark.slow
async def test_many_at_once_are_all_kept_whole(tmp_path: Path) -> None:
    sender = FolderSender(tmp_path)

    await asyncio.gather(*(sender.send(mail(number=number)) for number in range(50)))

    ids = {str(each["Message-ID"]) for each in Mailbox(tmp_path).all()}
    assert len(ids) == len(files(tmp_path)) == 50


async def test_an_address_beyond_ascii_is_written_as_rfc_6532_says(tmp_path: Path) -> None:
    await FolderSender(tmp_path).send(mail("ädä@example.com"))

    [file] = files(tmp_path)
    assert "\r\nTo: ädä@example.com\r\n" in file.read_bytes().decode()


async def test_a_folder_that_cannot_be_written_is_a_temporary_failure(tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("in the way")

    with pytest.raises(TemporaryFailure, match="File exists") as failure:
        await FolderSender(tmp_path / "mail").send(mail())
    assert "ada" not in str(failure.value)


async def test_a_mail_that_cannot_be_finished_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("contactsvc.platform.files.os.fsync", full)

    with pytest.raises(TemporaryFailure, match="No space left"):
        await FolderSender(tmp_path).send(mail())
    assert files(tmp_path) == []


async def test_old_files_and_drafts_are_removed(tmp_path: Path) -> None:
    """A draft is what a process leaves that was killed while it wrote."""
    assert purge(tmp_path, now()) == 0, "there is no folder yet"
    folder = tmp_path / FOLDER
    for number in range(2):
        await FolderSender(folder).send(mail(number=number))
    old, young = sorted(files(folder))
    draft, inner = folder / ".x.eml.draft", folder / "somebody's"
    draft.touch()
    inner.mkdir()
    moment = now() - timedelta(days=2)
    for each in (old, draft, inner):
        os.utime(each, (moment.timestamp(),) * 2)

    assert purge(tmp_path, now() - timedelta(days=1)) == 2
    assert sorted(files(folder)) == sorted([young, inner])
