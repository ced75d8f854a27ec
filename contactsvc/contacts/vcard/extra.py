"""What the lines in a contact's ``extra`` are called, and which of them belong together."""

from collections.abc import Iterable, Sequence
from itertools import count
from typing import Final, NamedTuple

AS_READ: Final = "X-CONTACTSVC-AS-READ"
"""Names the lines in ``extra`` that were read into a field."""

AS_READ_PREFIX: Final = f"{AS_READ}:"


class Kept(NamedTuple):
    """A line in ``extra``, taken apart.

    Args:
        prefix: AS_READ_PREFIX, or empty.
        group: Its group in lower case, or empty.
        name: The name of its property in upper case.
        rest: What stands behind the group, the name included.
    """

    prefix: str
    group: str
    name: str
    rest: str


def taken_apart(line: str) -> Kept:
    """Return the parts of a line in ``extra``."""
    prefix = AS_READ_PREFIX if line.startswith(AS_READ_PREFIX) else ""
    content = line.removeprefix(prefix)
    group, name = _head(content)
    rest = content.partition(".")[2] if group else content
    return Kept(prefix, group.strip().lower(), name.strip().upper(), rest)


def groups_of(lines: Iterable[str]) -> list[str]:
    """Return the groups of content lines, as often as they come."""
    return [group.strip().lower() for line in lines if (group := _head(line)[0])]


def _head(content: str) -> tuple[str, str]:
    """Return the group and the name of a content line as they stand there."""
    head = content[: content.find(":")].partition(";")[0]
    group, dot, name = head.partition(".")
    return (group, name) if dot else ("", head)


def in_other_groups(lines: Sequence[str], there: Iterable[str]) -> list[str]:
    """Return the lines of one card so that they can stand beside those of another one.

    Each program counts its groups from ``item1`` on, so the same name in two cards means two
    groups. One that both cards have keeps its name, and another one gets a name that is free.

    Args:
        lines: The ``extra`` of the one card.
        there: That of the other one, which stays as it is.
    """
    groups = _groups(lines)
    if not groups:
        return list(lines)
    known = _groups(there)
    by_lines = {frozenset(members): group for group, members in known.items()}
    numbers = (f"item{number}" for number in count(1))
    free = (name for name in numbers if name not in known and name not in groups)
    names: dict[str, str] = {}
    for group, members in groups.items():
        if members <= known.get(group, members):
            names[group] = group
        else:  # a card that comes again has got another name for it before
            names[group] = by_lines.get(frozenset(members)) or next(free)
    return [_renamed(line, names) for line in lines]


def _groups(lines: Iterable[str]) -> dict[str, set[str]]:
    """Return the lines of each group, without its name."""
    found: dict[str, set[str]] = {}
    for line in lines:
        kept = taken_apart(line)
        if kept.group:
            found.setdefault(kept.group, set()).add(kept.prefix + kept.rest)
    return found


def _renamed(line: str, names: dict[str, str]) -> str:
    kept = taken_apart(line)
    name = names.get(kept.group, kept.group)
    return line if name == kept.group else f"{kept.prefix}{name}.{kept.rest}"
