"""Which passwords may be set: length counts, composition does not."""

import pytest

from contactsvc.errors import ValidationFailed
from contactsvc.security.password_policy import PasswordPolicy


@pytest.mark.parametrize(
    "password", ["a" * 12, "correct horse battery staple", "  spaces  in it  ", "ÄÖÜäöüß€ЖЙ王小"]
)
def test_a_long_password_is_good_whatever_it_is_made_of(password: str) -> None:
    PasswordPolicy(12).check(password, "/password")


@pytest.mark.parametrize("password", ["", "a" * 11, "Aa1!Aa1!Aa1", "王" * 11])
def test_a_short_password_is_refused_with_its_place(password: str) -> None:
    with pytest.raises(ValidationFailed) as refusal:
        PasswordPolicy(12).check(password, "/new_password")
    [error] = refusal.value.errors
    assert error.pointer == "/new_password"
    assert "12" in error.detail
    assert not password or password not in error.detail


def test_the_length_is_the_settings() -> None:
    PasswordPolicy(8).check("a" * 8, "/password")
    with pytest.raises(ValidationFailed):
        PasswordPolicy(64).check("a" * 63, "/password")
