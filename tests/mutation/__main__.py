"""Puts faults into the modules of ``targets.py`` and counts which of them the tests notice.

``make test-mutants`` runs it. The known tools were looked at first: mutmut 3 changes the inside of
undecorated functions only, cosmic-ray writes each mutant into the work tree, and neither ends
within a given time or takes a reviewed list of mutants that change nothing.
"""

import asyncio
import gc
import os
import random
import selectors
import signal
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import click

from contactsvc.platform.database.embedded import embedded_postgres
from contactsvc.platform.database.migrations import migrate
from tests.mutation.mutants import Mutant, mutants
from tests.mutation.report import Target, equivalent, is_enough, report
from tests.mutation.targets import TARGETS, source_of, tests_of
from tests.mutation.trials import Trial, import_foundations
from tests.support import engines

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
HOUR = 3600.0


class Runner:
    """Runs trials side by side, each on a database of its own."""

    def __init__(self, databases: Sequence[str]) -> None:
        self._databases = databases
        self._free = list(range(len(databases)))
        self._running: dict[Trial, tuple[Target, Mutant | None]] = {}
        self._selector = selectors.DefaultSelector()

    def start(self, target: Target, mutant: Mutant | None, tests: Sequence[str]) -> None:
        """Start a trial as soon as a database is free."""
        while not self._free:
            self._settle_one()
        slot = self._free.pop()
        code = None if mutant is None else mutant.code
        limits = 60 + 5 * target.sound.seconds, 10 + 3 * target.sound.cpu
        limits = limits if mutant else (HOUR, HOUR)
        trial = Trial(target.name, code, tests, self._databases[slot], slot, *limits)
        self._running[trial] = target, mutant
        self._selector.register(trial.pipe, selectors.EVENT_READ, trial)

    def settle(self) -> None:
        """Wait for all that run."""
        while self._running:
            self._settle_one()

    def _settle_one(self) -> None:
        deadline = min(trial.deadline for trial in self._running)
        ready = self._selector.select(max(0.0, deadline - time.monotonic()))
        overdue = [trial for trial in self._running if trial.deadline <= time.monotonic()]
        for trial in [key.data for key, _ in ready] or overdue:
            target, mutant = self._running.pop(trial)
            self._selector.unregister(trial.pipe)
            self._free.append(trial.slot)
            verdict = trial.end()
            if mutant is not None:
                target.note(mutant, verdict)
            elif verdict.code != 0:
                about = f"{verdict.failed}\n{verdict.why}"
                sys.exit(f"{target.name}: its tests fail without any fault: {about}")
            else:
                target.sound = verdict

    def cut(self) -> None:
        """End all that run."""
        for trial in self._running:
            trial.cut()


@contextmanager
def databases(count: int) -> Iterator[list[str]]:
    """Make migrated databases on the server of the tests."""
    with ExitStack() as stack:
        server = engines.DATABASE_URL
        if server is None:
            folder = stack.enter_context(tempfile.TemporaryDirectory(ignore_cleanup_errors=True))
            server = stack.enter_context(embedded_postgres(Path(folder) / "postgres"))
            engines.hasten(server)
        urls = []
        for number in range(count):
            name = f"contactsvc_mutants_{os.getpid()}_{number}"
            urls.append(stack.enter_context(engines.scratch_database(server, name)))
            asyncio.run(migrate(urls[-1]))
        yield urls


def in_turn(targets: Sequence[Target], seed: int) -> Iterator[tuple[Target, Mutant]]:
    """Go through all mutants at random, so that at any time the same part of each file is done."""
    chance = random.Random(seed)
    places = []
    for number, target in enumerate(targets):
        drawn = chance.sample(target.mutants, len(target.mutants))
        places += [((i + 0.5) / len(drawn), number, mutant) for i, mutant in enumerate(drawn)]
    for _, number, mutant in sorted(places, key=lambda place: place[:2]):
        yield targets[number], mutant


def run(targets: Sequence[Target], seconds: float, seed: int, processes: int) -> None:
    """Try the mutants until all are done or the time is up."""
    end = time.monotonic() + seconds
    import_foundations([test for target in targets for test in tests_of(target.name)])
    with databases(processes) as urls:
        gc.freeze()  # what all trials share stays shared
        runner = Runner(urls)
        try:
            for target in targets:
                runner.start(target, None, tests_of(target.name))
            runner.settle()
            for target, mutant in in_turn(targets, seed):
                if time.monotonic() >= end:
                    break
                if tests := target.tests_for(mutant):
                    runner.start(target, mutant, tests)
                else:
                    target.survived.append(mutant)
            runner.settle()
        finally:
            runner.cut()


@click.command(help=__doc__)
@click.argument("names", metavar="[TARGET]...", nargs=-1, type=click.Choice([*TARGETS]))
@click.option("--seconds", default=1200, envvar="MUTANTS_SECONDS", help="Begin none after these.")
@click.option("--seed", type=int, envvar="MUTANTS_SEED", help="Of the order; printed at the end.")
@click.option("--processes", default=2, envvar="MUTANTS_PROCESSES", help="Side by side.")
def main(names: tuple[str, ...], seconds: int, seed: int | None, processes: int) -> None:
    """Run as a command."""
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # not without the server
    seed = random.randrange(10**6) if seed is None else seed
    targets = [Target(name, mutants(source_of(name))) for name in names or TARGETS]
    with tempfile.TemporaryDirectory() as folder:
        sys.pycache_prefix = os.environ["PYTHONPYCACHEPREFIX"] = folder
        os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] = folder
        run(targets, seconds, seed, processes)
    reasons = equivalent(EQUIVALENT.read_text())
    for line in report(targets, reasons):
        click.echo(line)
    click.echo(f"seed {seed}, {time.monotonic() - began:.0f} seconds")
    sys.exit(not all(is_enough(target, reasons) for target in targets))


if __name__ == "__main__":
    main()
