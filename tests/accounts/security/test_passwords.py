"""Password hashes: argon2id, beside the loop, and no faster for nobody than for somebody."""

import asyncio
import os
import platform
import subprocess
import sys
import threading
import time
import unicodedata
from collections.abc import AsyncIterator
from pathlib import Path

import argon2
import pytest
from argon2 import PasswordHasher

from contactsvc.accounts.security.passwords import Passwords, Verification
from contactsvc.platform.errors import Unavailable
from contactsvc.web.fields import PASSWORD_MAX_LENGTH
from tests.support.waiting import PATIENCE, until

pytestmark = pytest.mark.real_hashes

PASSWORD = "correct horse battery staple"


@pytest.fixture
async def passwords() -> AsyncIterator[Passwords]:
    passwords = Passwords(threads=2)
    yield passwords
    passwords.close()


async def test_a_password_fits_its_hash_and_no_other_does(passwords: Passwords) -> None:
    stored = await passwords.hash(PASSWORD)
    assert await passwords.verify(PASSWORD, stored)
    for wrong in ("", PASSWORD[:-1], PASSWORD.upper(), f"{PASSWORD} "):
        assert not await passwords.verify(wrong, stored)


async def test_a_hash_says_how_it_was_made(passwords: Passwords) -> None:
    # The OWASP minimum: 19 MiB, two passes, one lane.
    assert (await passwords.hash(PASSWORD)).startswith("$argon2id$v=19$m=19456,t=2,p=1$")


async def test_a_hash_is_salted_and_fits_its_column(passwords: Passwords) -> None:
    one, other = await passwords.hash(PASSWORD), await passwords.hash(PASSWORD)
    assert one != other
    assert PASSWORD not in one
    assert len(one) <= 255


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("contrase\u00f1a segura", "contrasen\u0303a segura"),
        ("\uff50\uff41\uff53\uff53 word", "pass word"),
        ("\ufb01ne \u2460 day", "fine 1 day"),
        ("non\u00a0breaking", "non breaking"),
    ],
)
async def test_a_password_is_checked_exactly_as_typed(
    passwords: Passwords, one: str, other: str
) -> None:
    assert unicodedata.normalize("NFKC", one) == unicodedata.normalize("NFKC", other)
    assert await passwords.verify(one, await passwords.hash(one))
    assert not await passwords.verify(other, await passwords.hash(one))


async def test_case_and_accents_count(passwords: Passwords) -> None:
    stored = await passwords.hash("contraseña Segura")
    assert not await passwords.verify("contraseña segura", stored)
    assert not await passwords.verify("contrasena Segura", stored)


@pytest.mark.parametrize(
    "password",
    ["x" * PASSWORD_MAX_LENGTH, "\U0001f511" * PASSWORD_MAX_LENGTH, "\ufdfa" * PASSWORD_MAX_LENGTH],
    ids=["letters", "four bytes each", "eighteen letters each in compatibility form"],
)
async def test_the_longest_password_that_may_come_counts_to_its_end(
    passwords: Passwords, password: str
) -> None:
    stored = await passwords.hash(password)
    assert await passwords.verify(password, stored)
    assert not await passwords.verify(password[:-1], stored)


async def test_nobody_has_no_password(passwords: Passwords) -> None:
    for password in (PASSWORD, "", "None"):
        assert not await passwords.verify(password, None)


async def test_the_decoys_own_password_opens_nothing(passwords: Passwords) -> None:
    passwords._context.verify = lambda *_: True
    assert await passwords.verify(PASSWORD, await passwords.hash(PASSWORD))
    assert not await passwords.verify(PASSWORD, None)


async def test_nobody_takes_as_much_work_as_a_wrong_password(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    verified: list[str] = []
    verify = passwords._context.verify

    def note(password: str, stored: str) -> bool:
        verified.append(stored)
        return bool(verify(password, stored))

    stored = await passwords.hash(PASSWORD)
    monkeypatch.setattr(passwords._context, "verify", note)
    for password_hash in (stored, None):
        await passwords.verify("wrong", password_hash)

    one, other = [argon2.extract_parameters(password_hash) for password_hash in verified]
    assert one == other


async def test_hashing_does_not_hold_up_the_loop(
    passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def hold_up(password: str) -> str:
        begun.set()
        assert go_on.wait(PATIENCE), "the loop stands still"
        return password[::-1]

    monkeypatch.setattr(passwords, "_hash", hold_up)
    hashing = asyncio.create_task(passwords.hash(PASSWORD))
    await until(begun.is_set)
    go_on.set()
    assert await hashing == PASSWORD[::-1]


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="Linux alone pins processes")
async def test_a_process_that_may_use_one_processor_hashes_one_password_at_a_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    try:
        passwords = Passwords()
    finally:
        os.sched_setaffinity(0, processors)
    at_once, now = [], 0

    def count(_: str) -> str:
        nonlocal now
        now += 1
        time.sleep(0.01)  # others could begin meanwhile
        at_once.append(now)
        now -= 1
        return ""

    monkeypatch.setattr(passwords, "_hash", count)
    await asyncio.gather(*(passwords.hash(PASSWORD) for _ in range(4)))
    passwords.close()
    assert at_once == [1, 1, 1, 1]


WORK = {
    "hash": "passwords.hash('some password')",
    "verify": "passwords.verify('some password', None)",
}


@pytest.mark.process
@pytest.mark.skipif(
    not Path("/sys/kernel/mm/transparent_hugepage").exists() or platform.libc_ver()[0] != "glibc",
    reason="no huge pages here",
)
@pytest.mark.parametrize("work", WORK)
def test_a_hash_wants_huge_pages(work: str) -> None:
    code = "import asyncio; from contactsvc.accounts.security.passwords import Passwords\n"
    code += f"passwords = Passwords(1)\nasyncio.run({WORK[work]})\n"
    code += "print(any(' hg' in line for line in open('/proc/self/smaps')))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert ran.stdout.split() == ["True"]


@pytest.mark.parametrize(
    ("memory", "passes", "lanes"), [(8192, 2, 1), (19456, 1, 1), (19456, 2, 2)]
)
async def test_a_hash_made_with_other_parameters_is_made_anew(
    passwords: Passwords, memory: int, passes: int, lanes: int
) -> None:
    stored = PasswordHasher(passes, memory, lanes).hash(PASSWORD)

    right, wrong = [await passwords.verify(typed, stored) for typed in (PASSWORD, "wrong")]

    assert right
    assert right.new_hash is not None
    assert await passwords.verify(PASSWORD, right.new_hash) == Verification(matches=True)
    assert wrong == Verification(matches=False)


async def test_a_queue_that_is_full_turns_away_at_once(passwords: Passwords) -> None:
    passwords._max_queued = 3
    hashing = [asyncio.ensure_future(passwords.hash(PASSWORD)) for _ in range(3)]
    await asyncio.sleep(0)  # lets them begin

    with pytest.raises(Unavailable):
        await passwords.verify(PASSWORD, None)

    assert not any(future.done() for future in hashing)
    assert len(set(await asyncio.gather(*hashing))) == 3
    assert await passwords.hash(PASSWORD)


async def test_who_goes_away_leaves_the_queue(passwords: Passwords) -> None:
    passwords._max_queued = 1
    hashing = asyncio.ensure_future(passwords.hash(PASSWORD))
    await asyncio.sleep(0)  # lets it begin
    hashing.cancel()
    with pytest.raises(asyncio.CancelledError):
        await hashing
    assert await passwords.hash(PASSWORD)
