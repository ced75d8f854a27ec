"""What the tests of settings share."""

from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from contactsvc.platform.settings import Settings, SettingsError
from contactsvc.platform.settings.setting import (
    BOOLEAN,
    Group,
    Setting,
    metadata,
    one_of,
    setting,
    text,
)

KEY = "wZ8-q2LmV0xTn5Rb_7cYdK4hJ1gPfA6s"
POSTGRES = "postgres://user:hunter2@db.example.com/contacts"
REDIS = "redis://:hunter3@cache.example.com/0"

Load = Callable[..., Settings]


@dataclass(frozen=True, kw_only=True)
class Few:
    """Some settings, one of each sort."""

    colour: str = setting(
        "red", one_of("red", "blue"), Group.REST, "Of the ``page`` \N{EM DASH} all."
    )
    token: str = field(metadata=metadata(Setting(text("secret"), Group.KEYS, "Key.", secret=True)))
    shown: bool = setting(False, BOOLEAN, Group.REST, "Whether ``a b c``.", more="See :doc:`x`.")


def problems(load: Load, **environment: str) -> list[str]:
    with pytest.raises(SettingsError) as error:
        load(**environment)
    assert str(error.value) == "\n".join(error.value.problems)
    return error.value.problems


def refusal(load: Load, name: str, value: str) -> str:
    """Assert that a value is refused in one line that begins with its name, and return the line."""
    others = {} if "KEY" in name else {"SECRET_KEY": KEY}
    [problem] = problems(load, **{name: value}, **others)
    assert problem.startswith(f"{name}: ")
    assert len(problem) > len(name) + 10
    assert "\n" not in problem
    return problem
