"""Tests run against a module with a fault, in a process that leaves nothing behind."""

import json
import subprocess
import sys
from typing import Any

import pytest

SCRIPT = """
import dataclasses, json
from pathlib import Path
from tests.mutation.mutants import mutants
from tests.mutation.trials import Trial

def trial(code, seconds, cpu):
    tests = ["tests/platform/test_keyring.py"]
    verdict = Trial("platform/keyring", code, tests, "postgres://unused", 0, seconds, cpu).end()
    return dataclasses.asdict(verdict)

fault = next(
    mutant.code for mutant in mutants(Path("contactsvc/platform/keyring.py"))
    if mutant.text == "return self._by_kid.get(kid)"
)
endless = compile("while True: pass", "endless", "exec")
asleep = compile("import time; time.sleep(600)", "asleep", "exec")
trials = [(None, 600, 600), (fault, 600, 600), (endless, 600, 1), (asleep, 1, 600)]
print(json.dumps([trial(*each) for each in trials]))
"""


@pytest.mark.process
def test_without_a_fault_with_one_and_without_an_end() -> None:
    found = subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, check=True)
    sound, faulty, endless, asleep = list[dict[str, Any]](json.loads(found.stdout))

    assert (sound["code"], sound["failed"]) == (0, None)
    assert any(any(tests) for tests in sound["lines"].values())
    assert (faulty["code"], faulty["lines"]) == (1, {})
    assert faulty["failed"].startswith("tests/platform/test_keyring.py::")
    assert endless["code"] is asleep["code"] is None
