"""Runs a module and counts, by CPU time, which layer it is in.

``python -m benchmarks.sampler FILE MODULE ARGUMENTS...`` interrupts the module after every few
milliseconds of CPU (setitimer(2), ITIMER_PROF, in ticks of the kernel's clock) and looks at the
stack. So it costs little, unlike a profiler that is called for each function. SIGUSR1 begins the
counts anew, SIGUSR2 writes them into FILE as JSON.

Time in C code counts for the Python code that has called it. What uvloop does for a library, such
as the parts of asyncpg that read an answer, counts for the Python code that runs next.
"""

import json
import runpy
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType
from typing import Final

from benchmarks.layers import Layers

INTERVAL: Final = 0.001
"""Seconds of CPU between two samples."""


def main() -> None:
    """Run the module with the rest of the command line."""
    target, module = Path(sys.argv[1]), sys.argv[2]
    sys.argv[1:] = sys.argv[3:]
    counts: Counter[tuple[str, str]] = Counter()
    layers = Layers()

    def sample(_: int, frame: FrameType | None) -> None:
        counts[layers.of(frame)] += 1

    def begin(_: int, __: FrameType | None) -> None:
        counts.clear()

    def write(_: int, __: FrameType | None) -> None:
        rows = [[layer, function, count] for (layer, function), count in counts.items()]
        part = target.with_suffix(".part")
        part.write_text(json.dumps(rows))
        part.rename(target)

    signal.signal(signal.SIGUSR1, begin)
    signal.signal(signal.SIGUSR2, write)
    signal.signal(signal.SIGPROF, sample)
    signal.setitimer(signal.ITIMER_PROF, INTERVAL, INTERVAL)
    try:
        runpy.run_module(module, run_name="__main__", alter_sys=True)
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)


if __name__ == "__main__":
    main()
