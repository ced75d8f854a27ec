"""What is common by lists that had no part in making ours."""

import gzip
from pathlib import Path

import pytest

from contactsvc.accounts.security import common_passwords
from contactsvc.accounts.security.common_passwords import FILE, WIDTH, is_common, key_of, parts_of
from contactsvc.accounts.security.password_policy import guessable

LISTS = Path(__file__).parent / "lists"


def listed(name: str) -> list[str]:
    """Return a public list, the most common first."""
    lines = gzip.decompress((LISTS / f"{name}.txt.gz").read_bytes()).decode().splitlines()
    return [line for line in lines if not line.startswith("#")]


def accepted(passwords: list[str]) -> list[str]:
    return [password for password in passwords if guessable(password, []) is None]


@pytest.mark.slow
def test_none_of_a_public_list_of_eight_characters_is_accepted() -> None:
    """John the Ripper's (ASVS 5.0, 6.2.4)."""
    common = [password for password in listed("john") if len(password) >= 8]

    assert len(common) == 634
    assert accepted(common[:300]) == []


@pytest.mark.slow
def test_less_than_two_percent_of_a_public_list_of_twelve_characters_are_accepted() -> None:
    """RockYou's, whose long ones no list of ours was made of."""
    common = listed("rockyou")[:300]

    assert len(common) == 300
    assert len(accepted(common)) < 0.02 * len(common)


@pytest.mark.parametrize("password", ["hakunamatata", "modernwarfare2", "1q2w3e4r5t6y7u8i9o"])
def test_those_that_were_accepted_once_are_not(password: str) -> None:
    assert guessable(password, [])
    assert guessable(password.upper(), [])


def test_what_stands_before_and_behind_a_common_one_helps_little() -> None:
    assert accepted(["Hakunamatata2024!", "!!hakunamatata!!", "7Hakunamatata7"]) == []
    assert accepted(["hakunamatata under 9 fig trees"]) == ["hakunamatata under 9 fig trees"]


def test_two_rows_by_turns_are_a_pattern() -> None:
    assert accepted(["3e4r5t6y7u8i9o", "z1x2c3v4b5n6m7", "qpwoeirutyal"]) == []
    # These stand on no list, and zxcvbn sees no pattern in them.
    assert accepted(["0q9w8e7r6t5y4u", "alskdjfhgghfjd", "qlwkejrhtgyf"]) == []


def test_the_file_is_in_order_and_finds_its_first_its_last_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = FILE.read_bytes()
    keys = [whole[start : start + WIDTH] for start in range(0, len(whole), WIDTH)]
    assert len(keys) > 50_000
    assert keys == sorted(set(keys))

    ours = sorted(key_of(f"sunrise{n}") for n in range(7))
    small = tmp_path / "small.bin"
    small.write_bytes(b"".join(ours))
    monkeypatch.setattr(common_passwords, "FILE", small)
    assert all(is_common(f"sunrise{n}") for n in range(7))
    assert is_common("SUNRISE3")
    assert not any(is_common(f"sunset{n}") for n in range(50))


def test_parts_of() -> None:
    assert parts_of("!!Hakuna-Matata42") == ("!!", "Hakuna-Matata", "42")
    assert parts_of("12345") == ("12345", "", "")
    assert parts_of("x") == ("", "x", "")
    assert parts_of("") == ("", "", "")
