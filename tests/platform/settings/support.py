"""What the tests of settings share."""

from collections.abc import Callable

import pytest

from contactsvc.platform.settings import Settings, SettingsError

KEY = "wZ8-q2LmV0xTn5Rb_7cYdK4hJ1gPfA6s"
POSTGRES = "postgres://user:hunter2@db.example.com/contacts"
REDIS = "redis://:hunter3@cache.example.com/0"

Load = Callable[..., Settings]


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
