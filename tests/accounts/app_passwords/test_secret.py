"""The text of an app password can be typed and pasted, and cannot be guessed."""

import pytest

from contactsvc.accounts.app_passwords.secret import (
    ALPHABET,
    MAX_LENGTH,
    RANDOM,
    digest_of,
    new_password,
    read_password,
)

LARGEST = 2**63 - 1


@pytest.mark.parametrize("user_id", [1, 31, 32, 1000, LARGEST])
def test_it_names_its_user_and_is_read_as_it_was_made(user_id: int) -> None:
    password = new_password(user_id)

    secret = read_password(password)
    assert secret is not None
    assert secret == (user_id, digest_of(password))
    assert len(password) < MAX_LENGTH


def test_it_has_140_random_bits_and_no_two_are_alike() -> None:
    passwords = [new_password(1) for _ in range(200)]

    assert len(ALPHABET) == len(set(ALPHABET)) == 32
    assert RANDOM * 5 == 140
    assert len({password.partition("-")[2] for password in passwords}) == 200
    for place in range(2, 2 + RANDOM):  # every character of the random part varies
        assert len({password.replace("-", "")[place - 1] for password in passwords}) > 10


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "correct horse battery staple",
        "0" * (RANDOM + 1),
        "1" * RANDOM,
        "u" * (RANDOM + 1),
        "1" * (RANDOM + 14),
        "z" * (RANDOM + 13),
        "1" * (RANDOM + 1) + "\0",
        "\udce4" * (RANDOM + 1),
        "١" * (RANDOM + 1),
        "1" * (RANDOM + 1) + " " * MAX_LENGTH,
    ],
)
def test_what_cannot_be_one_is_nobodys(text: str) -> None:
    assert read_password(text) is None
