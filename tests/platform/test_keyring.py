"""Keys by the name that signatures carry."""

import pytest

from contactsvc.platform.keyring import Keyring

NEW, OLD = "the-new-key-0123456789-abcdefghij", "the-old-key-0123456789-abcdefghij"


def test_the_first_key_signs_and_the_others_are_still_found() -> None:
    keyring = Keyring(NEW, [OLD])
    assert keyring.signing.secret == NEW.encode()
    assert [key.secret for key in keyring] == [NEW.encode(), OLD.encode()]
    assert all(keyring.find(key.kid) is key for key in keyring)


def test_a_retired_key_keeps_its_name() -> None:
    kid = Keyring(OLD).signing.kid
    found = Keyring(NEW, [OLD]).find(kid)
    assert found is not None
    assert found.secret == OLD.encode()
    assert Keyring(NEW).find(kid) is None


def test_a_name_tells_nothing_of_its_key() -> None:
    kid = Keyring(NEW).signing.kid
    assert kid not in NEW
    assert NEW not in kid
    assert kid != Keyring(OLD).signing.kid


@pytest.mark.parametrize(
    "kid", ["", "0", "../../../../dev/null", "/etc/passwd", "\0", "' OR 1=1 --", NEW]
)
def test_nothing_but_a_configured_key_is_found(kid: str) -> None:
    assert Keyring(NEW, [OLD]).find(kid) is None


def test_one_key_given_twice_is_one() -> None:
    assert len(list(Keyring(NEW, [NEW, OLD]))) == 2


def test_a_key_has_the_name_that_it_had_in_the_release_before() -> None:
    """By it, tokens that clients still hold name their key."""
    assert Keyring(NEW).signing.kid == "63bc95c7d976cc21"
