"""The columns of a file: what each is read as."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from contactsvc.contacts.transfer.csv.headers import NAME, OWN, TITLE, key, language, meaning
from contactsvc.contacts.transfer.csv.patterns import WHOLE_OR_STREET
from contactsvc.contacts.transfer.csv.targets import Target
from contactsvc.platform.errors import MalformedBody, ValidationFailed

MAX_COLUMNS: Final = 1000
"""Columns of a file at most. Google writes some 200 for a person with 20 entries of everything."""

_NAMING: Final = (
    *("first_name", "last_name", "middle_name", "nickname", "organization", "name"),
    *("emails", "phones"),
)
"""The fields of which a file needs one."""


class Column(NamedTuple):
    """A column and what it is read as."""

    name: str
    """What the file calls it."""
    target: Target
    """What it is read as."""


class Columns(NamedTuple):
    """The columns of a file."""

    columns: Sequence[Column]
    """In their order."""
    language: str
    """The language of their names."""
    is_own: bool
    """Whether this service has written the file."""


def columns(names: Sequence[str], given: Mapping[str, Target]) -> Columns:
    """Return what the columns of a file are read as.

    Args:
        names: The names in its header.
        given: What the caller wants columns to be read as, by their names.

    Raises:
        MalformedBody: There are more than ``MAX_COLUMNS``, or none that names anybody.
        ValidationFailed: There is no column of a given name.
    """
    if len(names) > MAX_COLUMNS:
        raise MalformedBody(f"The file has more than {MAX_COLUMNS} columns.")
    found = language(names)
    by_key = _by_key(names, given)
    targets = _settled([by_key.get(key(name)) or meaning(name, found) for name in names])
    if not any(target and target.field in _NAMING for target in targets):
        raise MalformedBody(
            "This is no CSV of contacts: its first line has no column for a name, an organization, "
            "an e-mail or a phone. 'map' says which column is which."
        )
    is_own = found is OWN
    if not is_own:
        targets = _with_kinds(targets)
    return Columns(
        [
            Column(name, target or Target("custom", label=name.strip()))
            for name, target in zip(names, targets, strict=True)
        ],
        found.name,
        is_own,
    )


def _by_key(names: Sequence[str], given: Mapping[str, Target]) -> dict[str, Target]:
    there = set(map(key, names))
    if missing := [name for name in given if key(name) not in there]:
        raise ValidationFailed.of("/map", f"The file has no column {missing[0][:100]!r}.")
    return {key(name): target for name, target in given.items()}


def _settled(targets: Sequence[Target | None]) -> list[Target | None]:
    """Return the targets with those that depend on others decided."""
    parts = Counter((target.field, target.slot, target.part) for target in targets if target)
    titles = parts[("title", "", "value")]
    has_parts = bool(parts[("birthday", "", "month")])
    forms = iter(["prefix", "title"] if parts[TITLE.field, "", TITLE.part] > 1 else [])
    settled: list[Target | None] = []
    for target in targets:
        if target == TITLE:
            name = next(forms, "prefix" if titles else "title")
            settled.append(Target(name))
        elif target == NAME:
            is_last = parts["first_name", "", "value"] and not parts["last_name", "", "value"]
            settled.append(Target("last_name" if is_last else "name"))
        elif target and target.part == WHOLE_OR_STREET:
            has_street = parts[target.field, target.slot, "street"]
            settled.append(target._replace(part="formatted" if has_street else "street"))
        elif target == Target("birthday") and has_parts:
            settled.append(Target("birthday", "day"))
        else:
            settled.append(target)
    return settled


def _with_kinds(targets: Sequence[Target | None]) -> list[Target | None]:
    """Return the targets with columns for a type or else a label where Google writes one for both.

    Only where a file has both is each what its name says.
    """
    beside = defaultdict[str, set[str]](set)
    for target in targets:
        if target and target.slot:
            beside[target.slot].add(target.part)
    return [
        target._replace(part="kind")
        if target
        and target.part in ("type", "label")
        and not {"type", "label"} <= beside[target.slot]
        else target
        for target in targets
    ]
