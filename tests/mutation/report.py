"""What the tests noticed, against the list of mutants that change nothing."""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from tests.mutation.mutants import Mutant
from tests.mutation.targets import source_of, tests_of
from tests.mutation.trials import OUTSIDE, Verdict

ENOUGH: Final = 85
"""Percent of a file's mutants that are to be noticed."""

Key = tuple[str, str, str]


@dataclass
class Target:
    """A module, its mutants and what has become of them."""

    name: str
    mutants: list[Mutant]
    sound: Verdict = field(default_factory=lambda: Verdict(0))
    killers: Counter[str] = field(default_factory=Counter)
    killed: list[Mutant] = field(default_factory=list)
    survived: list[Mutant] = field(default_factory=list)

    def tests_for(self, mutant: Mutant) -> list[str]:
        """Return the tests that run the mutant's function, those first that noticed most so far.

        Where it also runs outside of any test, as while their files are imported, these are all:
        each may use what was made then.
        """
        if mutant.function is None:
            return tests_of(self.name)
        first, last = mutant.function
        run = {
            test: None for line in range(first, last + 1) for test in self.sound.lines.get(line, ())
        }
        if OUTSIDE in run:
            return tests_of(self.name)
        return sorted(run, key=lambda test: -self.killers[test])

    def note(self, mutant: Mutant, verdict: Verdict) -> None:
        """Count a mutant: whatever is not wholly green has noticed it."""
        (self.survived if verdict.code == 0 else self.killed).append(mutant)
        if verdict.failed:
            self.killers[verdict.failed] += 1


def equivalent(text: str) -> dict[Key, str]:
    """Read the list of mutants that change nothing: key and reason."""
    return {
        (entry["file"], entry["line"], change): entry["reason"]
        for entry in tomllib.loads(text).get("equivalent", [])
        for change in entry["changes"]
    }


def is_enough(target: Target, reasons: dict[Key, str]) -> bool:
    """Return whether enough of a file's mutants were noticed."""
    return _percent(target, reasons) >= ENOUGH


def report(targets: Sequence[Target], reasons: dict[Key, str]) -> Iterator[str]:
    """Give the table, the survivors, and what is wrong in the list of equivalent ones."""
    yield f"{'file':44}{'mutants':>8}{'run':>6}{'killed':>8}{'survived':>10}{'equivalent':>12}"
    for target in targets:
        equal = sum(mutant.key in reasons for mutant in target.survived)
        killed, survived = len(target.killed), len(target.survived)
        yield (
            f"{source_of(target.name)!s:44}{len(target.mutants):8}{killed + survived:6}{killed:8}"
            f"{survived - equal:10}{equal:12}{_percent(target, reasons):8.1f}%"
        )
    for target in targets:
        for mutant in sorted(target.survived, key=lambda mutant: mutant.line):
            reason = reasons.get(mutant.key)
            yield f"equivalent: {mutant}: {reason}" if reason else f"survived: {mutant}"
    yield from stale(targets, reasons)


def stale(targets: Sequence[Target], reasons: dict[Key, str]) -> Iterator[str]:
    """Tell the listed mutants that are killed, or that there are no more."""
    files = {str(source_of(target.name)) for target in targets}
    known = {mutant.key for target in targets for mutant in target.mutants}
    survived = {mutant.key for target in targets for mutant in target.survived}
    killed = {mutant.key for target in targets for mutant in target.killed} - survived
    for key in reasons:
        if key[0] in files and key not in known:
            yield f"listed as equivalent, but there is no such mutant: {' | '.join(key)}"
        elif key in killed:
            yield f"listed as equivalent, but killed: {' | '.join(key)}"


def _percent(target: Target, reasons: dict[Key, str]) -> float:
    missed = sum(mutant.key not in reasons for mutant in target.survived)
    counted = len(target.killed) + missed
    return 100 * len(target.killed) / counted if counted else 100.0
