"""A list of the operator's is looked up in place, however large."""

import os
from hashlib import sha1
from pathlib import Path

import pytest

from contactsvc.accounts.security import blocklist
from contactsvc.accounts.security.blocklist import Blocklist
from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.platform.errors import ValidationFailed
from tests.conftest import MakeClient, pointers

GOOD = "seven quiet otters, 1904"
LISTED = [f"otter number {n}" for n in range(1000)]


def digits(password: str) -> str:
    return sha1(password.encode()).hexdigest().upper()


def hashed(path: Path, passwords: list[str], end: str = "\r\n") -> Path:
    """Write a list as the public downloads are: sorted, with counts of many lengths."""
    lines = sorted(f"{digits(password)}:{10 ** (n % 9)}" for n, password in enumerate(passwords))
    path.write_text(end.join(lines) + end, newline="")
    return path


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_every_line_of_a_sorted_list_is_found_and_no_other(tmp_path: Path, end: str) -> None:
    listed = Blocklist(hashed(tmp_path / "list", LISTED, end))

    assert [password for password in LISTED if not listed.holds(password)] == []
    assert [n for n in range(1000) if listed.holds(f"beaver number {n}")] == []
    assert listed.holds("OTTER Number 7"), "as it is, or written small"


def test_hashes_alone_in_small_letters_without_a_last_line_end(tmp_path: Path) -> None:
    path = tmp_path / "list"
    path.write_text("\n".join(sorted(digits(password).lower() for password in LISTED)))

    assert all(map(Blocklist(path).holds, LISTED))


def test_a_bisection_reads_next_to_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read = 0
    pread = os.pread

    def counted(fd: int, size: int, offset: int) -> bytes:
        nonlocal read
        read += size
        return pread(fd, size, offset)

    monkeypatch.setattr(os, "pread", counted)
    big = hashed(tmp_path / "list", [f"{n}" for n in range(40_000)])
    assert Blocklist(big).holds("31999")
    assert big.stat().st_size > 1_500_000
    assert 0 < read < 15_000


def test_a_plain_list_is_looked_through_in_chunks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "list"
    path.write_bytes(b"first one\r\nsecond one\nthe last one")
    for size in (1, 5, 1024):
        monkeypatch.setattr(blocklist, "_CHUNK", size)
        listed = Blocklist(path)
        assert all(map(listed.holds, ["first one", "second one", "the last one", "The Last One"]))
        assert not any(map(listed.holds, ["first", "one", "irst one", "second one\nthe last one"]))


async def test_the_policy_refuses_what_is_listed_and_takes_a_new_file(tmp_path: Path) -> None:
    path = hashed(tmp_path / "list", [GOOD])
    policy = PasswordPolicy(12, Blocklist(path))
    with pytest.raises(ValidationFailed) as refusal:
        await policy.check(GOOD, "/password")
    assert "this service's list" in refusal.value.errors[0].detail

    hashed(tmp_path / "next", ["something else"]).replace(path)
    await policy.check(GOOD, "/password")


async def test_the_setting_reaches_registration(make_client: MakeClient, tmp_path: Path) -> None:
    client = await make_client(password_blocklist=hashed(tmp_path / "list", [GOOD]))
    body = {"email": "ada@example.com", "password": GOOD}

    refused = await client.post("/api/auth/register", json=body)
    accepted = await client.post("/api/auth/register", json=body | {"password": GOOD + "!"})

    assert await pointers(refused) == {"/password"}
    assert accepted.status == 201


@pytest.mark.parametrize("content", [None, b"F" * 40 + b"\n" + b"\0" * 10_000, b"0" * 32 + b"\n"])
async def test_a_file_that_cannot_be_read_refuses_nothing_and_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, content: bytes | None
) -> None:
    path = tmp_path / "list"
    if content is not None:
        path.write_bytes(content)

    await PasswordPolicy(12, Blocklist(path)).check(GOOD, "/password")

    [line] = caplog.messages
    assert "PASSWORD_BLOCKLIST" in line
    assert GOOD not in line
