"""Which passwords may be set, and what is said of those that may not."""

import pytest
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from contactsvc.accounts.security.password_policy import PasswordPolicy
from contactsvc.platform.errors import ValidationFailed

PERSONAL = ("grace.hopper@example.com", "Grace Hopper")


@pytest.fixture
def policy() -> PasswordPolicy:
    return PasswordPolicy(min_length=12)


async def complaints(policy: PasswordPolicy, password: str) -> list[str]:
    """Return what is said of a password, which is nothing where it is a good one."""
    try:
        await policy.check(password, "/password", PERSONAL)
    except ValidationFailed as error:
        return [field.detail for field in error.errors]
    return []


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery staple",
        "пароль із чотирьох слів",
        "aB3$" * 2 + "zQ9!u7Kp",
        "no digits or capitals needed",
        "one more word and then another " * 6,
        "*(#&$)@!%^=-",
        "🔑 keys and 🐎 horses",
        "my cobol compiler, 1952",
    ],
)
async def test_good_ones(policy: PasswordPolicy, password: str) -> None:
    assert await complaints(policy, password) == []


@pytest.mark.parametrize(
    ("password", "reason"),
    [
        ("", "Shorter than 12"),
        ("elevenchars", "Shorter than 12"),
        ("password1234", "common"),
        ("Password@123", "common"),
        ("football2020", "common"),
        ("Password1234!", "common"),
        ("qwertyuiop12", "common"),
        ("aaaaaaaaaaaaaaaa", "Repeats"),
        ("abcdefghijklmnop", "Sequences"),
        ("a" * 200, "Repeats"),
        ("\n" * 12, "Repeats"),
        ("gracehopper1234", "name or e-mail"),
        ("HopperGrace2026", "name or e-mail"),
        ("grace.hopper@example.com", "name or e-mail"),
        ("contactsvc2026", "name or e-mail"),
    ],
)
async def test_bad_ones_are_told_why(policy: PasswordPolicy, password: str, reason: str) -> None:
    with pytest.raises(ValidationFailed) as error:
        await policy.check(password, "/new_password", PERSONAL)

    (field,) = error.value.errors
    assert field.pointer == "/new_password"
    assert reason in field.detail
    assert not password or password not in field.detail


@pytest.mark.parametrize("ending", ["@123", "2026", "!1"])
async def test_common_ones_made_longer_are_refused(ending: str) -> None:
    policy = PasswordPolicy(8)
    for word in list(FREQUENCY_LISTS["passwords"])[:1000:10]:
        with pytest.raises(ValidationFailed):
            await policy.check(f"{word}{ending}", "/password")


@pytest.mark.slow
async def test_common_ones_made_twelve_characters_long_are_refused(policy: PasswordPolicy) -> None:
    made = [f"{word}1234" for word in FREQUENCY_LISTS["passwords"]]
    for password in [password for password in made if len(password) >= 12][:3000:20]:
        with pytest.raises(ValidationFailed):
            await policy.check(password, "/password")


async def test_the_length_is_a_setting() -> None:
    assert await complaints(PasswordPolicy(8), "kq7!vZ2p") == []
    [complaint] = await complaints(PasswordPolicy(15), "kq7!vZ2p#mW4")
    assert "Shorter than 15" in complaint


async def test_one_persons_words_are_not_held_against_another(policy: PasswordPolicy) -> None:
    words = "zanzibar tapioca"
    with pytest.raises(ValidationFailed):
        await policy.check(words, "/password", ["zanzibar@example.com", "Tapioca"])
    assert await complaints(policy, words) == []
