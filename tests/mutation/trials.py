"""Runs tests in a forked process in which one module has a fault.

The parent has imported what the tests and the service stand on but nothing of the service, so that
each child starts at once and imports the mutant as if it stood in the file. Nothing is written into
the work tree.
"""

import contextlib
import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from math import ceil
from pathlib import Path
from types import CodeType
from typing import Any

import pytest
from coverage import Coverage

from tests.mutation.targets import module_of, source_of

OPTIONS = (
    *("-x", "-q", "--tb=short", "--assert=plain", "--hypothesis-seed=0"),
    *("-p", "no:cacheprovider", "-p", "no:xdist", "-p", "no:randomly"),
)

OUTSIDE = ""
"""Stands among tests for what runs before the first one: coverage's context without a name."""


@dataclass
class Verdict:
    """What the tests said.

    Args:
        code: pytest's exit code; None if it did not end in time.
        failed: The first test that failed.
        why: What it said.
        lines: With coverage, the tests by each line of the module that they run, OUTSIDE among
            them.
        seconds: How long it took.
        cpu: Of these, the seconds that a processor was at work.
    """

    code: int | None
    failed: str | None = None
    why: str = ""
    lines: dict[int, list[str]] = field(default_factory=dict)
    seconds: float = 0.0
    cpu: float = 0.0


class Trial:
    """One run of some tests, going on in a process of its own.

    Args:
        target: The module.
        code: What it is compiled to; None for the module as it is, with coverage.
        tests: What pytest is told to run.
        database: The URL of a migrated database.
        slot: Which of the trials side by side this is.
        seconds: How long it may take.
        cpu: For how many of these a processor may be at work, which a busy machine does not change.
    """

    def __init__(
        self,
        target: str,
        code: CodeType | None,
        tests: Sequence[str],
        database: str,
        slot: int,
        seconds: float,
        cpu: float,
    ) -> None:
        self.slot, self.began = slot, time.monotonic()
        self.deadline = self.began + seconds
        self.pipe, out = os.pipe()
        self._pid = os.fork()
        if self._pid == 0:
            # Without the parent, too, it comes to an end.
            signal.setitimer(signal.ITIMER_REAL, seconds + 1)
            resource.setrlimit(resource.RLIMIT_CPU, (ceil(cpu), ceil(cpu)))
            _child(out, target, code, tests, database, slot)
        os.close(out)

    def end(self) -> Verdict:
        """Wait for what the pipe brings, until time is up, and leave no process behind."""
        parts = []
        while select.select([self.pipe], [], [], max(0.0, self.deadline - time.monotonic()))[0]:
            if not (part := os.read(self.pipe, 1 << 16)):
                break
            parts.append(part)
        os.close(self.pipe)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._pid, signal.SIGKILL)
        os.waitpid(self._pid, 0)
        seconds = time.monotonic() - self.began
        if not parts:
            return Verdict(None, seconds=seconds)
        said: dict[str, Any] = json.loads(b"".join(parts))
        lines = {int(line): tests for line, tests in said["lines"].items()}
        return Verdict(**said | {"lines": lines, "seconds": seconds})

    def cut(self) -> None:
        """End it now."""
        self.deadline = 0.0
        self.end()


def import_foundations(tests: Sequence[str]) -> None:
    """Import what these tests need, save for the service and the tests themselves."""
    script = (
        "import pytest, sys; pytest.main(sys.argv[1:], plugins=[]); "
        "print('\\n', *(name for name in sys.modules if sys.modules[name]))"
    )
    command = [sys.executable, "-c", script, "--collect-only", *OPTIONS, *tests]
    found = subprocess.run(command, capture_output=True, text=True, check=True)
    for name in found.stdout.splitlines()[-1].split():
        if name.partition(".")[0] not in {"contactsvc", "tests", "__main__"}:
            with contextlib.suppress(ImportError):
                importlib.import_module(name)


def _child(
    out: int, target: str, code: CodeType | None, tests: Sequence[str], database: str, slot: int
) -> None:
    try:
        os.setsid()
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        null = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(null, stream)
        os.environ["PYTEST_XDIST_WORKER"] = f"gw{slot}"  # its Redis, of TEST_REDIS_URL
        for name in [*sys.modules]:
            if name.partition(".")[0] in {"contactsvc", "tests"}:
                del sys.modules[name]
        if code is not None:
            sys.meta_path.insert(0, _Finder(module_of(target), source_of(target), code))
        _use(database)
        said = _run(source_of(target), tests, with_coverage=code is None)
        os.write(out, json.dumps(said).encode())
    finally:
        os._exit(0)


def _use(database: str) -> None:
    from tests.support import engines

    engines.postgres = lambda: contextlib.nullcontext(database)  # type: ignore[assignment,return-value]


def _run(source: Path, tests: Sequence[str], *, with_coverage: bool) -> dict[str, Any]:
    watch = _Watch(source if with_coverage else None)
    code = pytest.main([*OPTIONS, *tests], plugins=[watch])
    return {
        "code": int(code),
        "failed": watch.failed,
        "why": watch.why,
        "lines": watch.lines(),
        "cpu": time.process_time(),
    }


class _Watch:
    """Tells pytest's first failure and, with coverage, which test runs which line."""

    def __init__(self, source: Path | None) -> None:
        self.failed: str | None = None
        self.why = ""
        self._source = str(source.resolve()) if source else ""
        self._coverage = Coverage(data_file=None, include=[self._source]) if source else None
        if self._coverage:
            self._coverage.start()

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Iterator[None]:
        if self._coverage:
            self._coverage.switch_context(item.nodeid)
        return (yield)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed and self.failed is None:
            self.failed, self.why = report.nodeid, report.longreprtext

    def lines(self) -> dict[int, list[str]]:
        if not self._coverage:
            return {}
        self._coverage.stop()
        found = self._coverage.get_data().contexts_by_lineno(self._source)
        return {line: list(tests) for line, tests in found.items()}


class _Finder(importlib.abc.MetaPathFinder):
    """Finds the mutant where the module is asked for."""

    def __init__(self, name: str, source: Path, code: CodeType) -> None:
        self._name, self._source, self._code = name, str(source.resolve()), code

    def find_spec(self, fullname: str, *_: object) -> importlib.machinery.ModuleSpec | None:
        if fullname != self._name:
            return None
        loader = _Loader(fullname, self._source, self._code)
        return importlib.util.spec_from_file_location(fullname, self._source, loader=loader)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, source: str, code: CodeType) -> None:
        super().__init__(name, source)
        self._code = code

    def get_code(self, fullname: str) -> CodeType:
        return self._code
