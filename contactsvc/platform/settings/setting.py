"""What is said of each setting, once: the reader, ``.env.example`` and the reference follow."""

from collections.abc import Callable
from dataclasses import MISSING, Field, dataclass, field, fields, replace
from enum import Enum
from pathlib import Path
from typing import Any, Generic, TypeVar

from environs import validate

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
TEN_YEARS = 3650 * DAY
"""The longest time that a setting may have."""

_DURATIONS = ((DAY, "a day", "days"), (HOUR, "an hour", "hours"), (MINUTE, "a minute", "minutes"))

Check = Callable[[str], str | None]
"""Says in a sentence why a text cannot be used; None where it can. It repeats no secret."""

Default = TypeVar("Default")
Value = TypeVar("Value")


class Group(Enum):
    """The headings under which settings are shown, in this order."""

    LISTENING = "Where it listens"
    DATA = "Where it keeps its data"
    KEYS = "Secret keys"
    ACCOUNTS = "Accounts and sessions"
    RETENTION = "How long things are kept"
    MAIL = "Mail and avatars"
    LIMITS = "Limits"
    REST = "The rest"


@dataclass(frozen=True)
class Kind(Generic[Value]):
    """How the text of a setting becomes a value.

    Args:
        words: What must be written, with its range, in reStructuredText.
        parser: The method of environs that reads it.
        allowed: Refuses what can be read but is out of range; None where nothing is.
        unit: What a number counts; empty where the help says it.
    """

    words: str
    parser: str = "str"
    allowed: validate.Validator | None = None
    unit: str = ""


BOOLEAN = Kind[bool]("true or false", "bool")
PATH = Kind[Path]("path")
"""Read as text, which a check can refuse; made an absolute path afterwards."""


def text(words: str) -> Kind[str]:
    """Return the kind of a text; ``words`` says of which form it is."""
    return Kind(words)


def many(words: str) -> Kind[tuple[str, ...]]:
    """Return the kind of several texts with commas between; ``words`` says what they are."""
    return Kind(f"list of {words}", "list")


def one_of(*values: str) -> Kind[str]:
    """Return the kind of a text that is one of a few."""
    *most, last = (f"``{value}``" for value in values)
    return Kind(f"{', '.join(most)} or {last}", allowed=validate.OneOf(list(values)))


def integer(low: int, high: int, unit: str = "") -> Kind[int]:
    """Return the kind of a whole number between two bounds, both allowed."""
    words = f"integer, {low} to {high} {unit}".rstrip()
    return Kind(words, "int", validate.Range(min=low, max=high), unit)


def seconds(low: int, high: int) -> Kind[int]:
    """Return the kind of a time in whole seconds."""
    return integer(low, high, "seconds")


def fractions_of_seconds(low: float, high: float) -> Kind[float]:
    """Return the kind of a time in seconds that need not be whole."""
    words = f"number, {low:g} to {high:g} seconds"
    return Kind(words, "float", validate.Range(min=low, max=high), "seconds")


@dataclass(frozen=True)
class Setting:
    """All that is said of one setting.

    Args:
        kind: How its text becomes a value.
        group: Where it is shown.
        help: What it does, in reStructuredText without roles: ``.env.example`` shows it too.
        more: What the reference adds to that, in reStructuredText.
        secret: Whether it is never shown, and may come from a file named by ``NAME_FILE``.
        check: What its text, or each in its list, must pass besides being readable.
        name: Its attribute of the settings; in capitals, its variable of the environment.
        default: What it is where it is not set; None too if it has no default.
    """

    kind: Kind[Any]
    group: Group
    help: str
    more: str = ""
    secret: bool = False
    check: Check | None = None
    name: str = ""
    default: object = None

    @property
    def variable(self) -> str:
        """Its variable of the environment."""
        return self.name.upper()

    @property
    def default_in_words(self) -> str:
        """The default in days, hours or minutes, as a sentence, where it is longer than a minute.

        Empty for shorter times, for those that are no whole number of a unit, and for what is no
        time.
        """
        if self.kind.unit != "seconds" or not isinstance(self.default, int):
            return ""
        for size, one, several in _DURATIONS:
            count, remainder = divmod(self.default, size)
            if count and not remainder and self.default > MINUTE:
                return f"The default is {one if count == 1 else f'{count} {several}'}."
        return ""


def setting(
    default: Default,
    kind: Kind[Value],
    group: Group,
    help: str,  # noqa: A002 - as argparse and click call it
    *,
    more: str = "",
    secret: bool = False,
    check: Check | None = None,
) -> Default | Value:
    """Declare a field of the settings that has a default; the arguments are those of Setting."""
    said = Setting(kind, group, help, more, secret, check)
    return field(default=default, metadata=metadata(said))


def metadata(said: Setting) -> dict[str, Setting]:
    """Return what makes a field of a dataclass a setting, for one that has no default."""
    return {"setting": said}


def declared(settings: type) -> tuple[Setting, ...]:
    """Return the settings that a dataclass declares, in its order.

    Raises:
        KeyError: A field was not declared by :func:`setting` or :func:`metadata`.
    """
    return tuple(_named(each) for each in fields(settings))


def written(value: object) -> str:
    """Return a value as it would be written into the environment; empty is unset."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    return ",".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _named(each: Field[Any]) -> Setting:
    said: Setting = each.metadata["setting"]
    return replace(said, name=each.name, default=None if each.default is MISSING else each.default)
