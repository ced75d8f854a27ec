"""Load by wrk (https://github.com/wg/wrk), and what it says."""

import json
import re
import shutil
import subprocess
import sys
import tempfile
from typing import Final, NamedTuple

from benchmarks.calls import Call
from benchmarks.server import Server, cores, on_core

CONNECTIONS: Final = 32

_UNITS: Final = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}

_INSTALL: Final = (
    "wrk is not installed. Debian and Ubuntu: apt-get install wrk. Fedora: dnf install wrk. "
    "Elsewhere build https://github.com/wg/wrk."
)


class Load(NamedTuple):
    """What wrk found.

    Args:
        requests: Answers that came, whatever their status.
        rate: Answers a second.
        p50: Median latency in milliseconds.
        p99: The 99th percentile in milliseconds.
        failures: Answers of 400 and more, connections that broke and answers that never came.
    """

    requests: int
    rate: float
    p50: float
    p99: float
    failures: int


def parse(text: str) -> Load:
    """Read what ``wrk --latency`` prints.

    Raises:
        ValueError: It is something else.
    """
    failures = _find(r"Non-2xx or 3xx responses: (\d+)", text, "0")
    errors = re.search(r"Socket errors:" + r" \w+ (\d+),?" * 4, text)
    return Load(
        int(_find(r"(\d+) requests in ", text)),
        float(_find(r"Requests/sec:\s+([\d.]+)", text)),
        _percentile(50, text),
        _percentile(99, text),
        int(failures) + sum(map(int, errors.groups() if errors else ())),
    )


def _find(pattern: str, text: str, default: str | None = None) -> str:
    found = re.search(pattern, text, re.MULTILINE)
    if found is None and default is None:
        raise ValueError(f"wrk has printed no {pattern}: {text}")
    return found[1] if found else default or ""


def _percentile(part: int, text: str) -> float:
    number, unit = rf"^\s+{part}%\s+([\d.]+)[a-z]+\s*$", rf"^\s+{part}%\s+[\d.]+([a-z]+)\s*$"
    return float(_find(number, text)) * _UNITS[_find(unit, text)]


def load(server: Server, call: Call, seconds: float, connections: int = CONNECTIONS) -> Load:
    """Repeat a call for some seconds, from the last core.

    A request that fails ends the benchmark: it would be measured as a fast one.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".lua") as script:
        script.write(_script(call))
        script.flush()
        options = f"--latency --timeout 30s -t1 -c{connections} -d{max(1, round(seconds))}s"
        command = [_program(), *options.split(), "-s", script.name]
        command += ["-H", f"Authorization: Bearer {server.token}", server.url + call.path]
        with on_core(cores()[1]):
            done = subprocess.run(command, check=True, capture_output=True, text=True)
    found = parse(done.stdout)
    if found.failures:
        sys.exit(f"{server.name}: {call.name}: {found.failures} requests failed:\n{done.stdout}")
    return found


def _program() -> str:
    return shutil.which("wrk") or sys.exit(_INSTALL)


def _script(call: Call) -> str:
    lines = [f'wrk.method = "{call.method}"']
    if call.body is not None:
        lines.append(f"wrk.body = [==[{json.dumps(call.body)}]==]")
        lines.append('wrk.headers["Content-Type"] = "application/json"')
    if call.turns > 1:
        lines.append("local turn, body = 0, wrk.body")
        lines.append(f"request = function() turn = (turn + 1) % {call.turns}")
        lines.append('wrk.body = string.gsub(body, "TURN", turn) return wrk.format() end')
    return "\n".join(lines)


def check_installed() -> None:
    """End the benchmark, and say how to install wrk, where it is not there."""
    _program()
