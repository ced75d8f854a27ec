"""What is said of a setting, once, and what follows from it."""

import re
from dataclasses import dataclass, fields

import pytest

from contactsvc.platform.settings import SECRETS, SETTINGS, Settings
from contactsvc.platform.settings.setting import (
    BOOLEAN,
    DAY,
    HOUR,
    Group,
    Setting,
    declared,
    integer,
    seconds,
    written,
)
from tests.platform.settings.support import Few


def test_what_is_declared_is_named_after_its_field() -> None:
    colour, token, shown = declared(Few)

    assert (colour.name, colour.variable, colour.default) == ("colour", "COLOUR", "red")
    assert (token.variable, token.default, token.secret) == ("TOKEN", None, True)
    assert (shown.default, shown.more, shown.kind) == (False, "See :doc:`x`.", BOOLEAN)
    assert Few(token="t").colour == "red"


def test_a_setting_without_a_default_must_be_given() -> None:
    with pytest.raises(TypeError, match="token"):
        Few()  # type: ignore[call-arg]


def test_a_field_that_says_nothing_of_itself_is_refused() -> None:
    @dataclass
    class Silent:
        colour: str = "red"

    with pytest.raises(KeyError, match="setting"):
        declared(Silent)


def test_every_field_of_the_settings_is_declared() -> None:
    assert [each.name for each in SETTINGS] == [each.name for each in fields(Settings)]
    assert set(SECRETS) == {each.variable for each in SETTINGS if each.secret}
    assert all(each.help.endswith((".", "``")) for each in SETTINGS)
    assert not [each.name for each in SETTINGS if re.search(r":\w+:`", each.help)]


@pytest.mark.parametrize(
    ("default", "words"),
    [
        (59, ""),
        (60, ""),
        (61, ""),
        (120, "The default is 2 minutes."),
        (HOUR, "The default is an hour."),
        (90 * 60, "The default is 90 minutes."),
        (DAY, "The default is a day."),
        (DAY + HOUR, "The default is 25 hours."),
        (7 * DAY, "The default is 7 days."),
    ],
)
def test_a_long_time_is_told_in_words(default: int, words: str) -> None:
    assert Setting(seconds(1, DAY), Group.REST, "x", default=default).default_in_words == words
    assert not Setting(integer(1, DAY), Group.REST, "x", default=default).default_in_words


@pytest.mark.parametrize(
    ("value", "text"),
    [(None, ""), ((), ""), (True, "true"), (False, "false"), (1.5, "1.5"), (("a", "b"), "a,b")],
)
def test_a_value_is_written_as_the_environment_has_it(value: object, text: str) -> None:
    assert written(value) == text
