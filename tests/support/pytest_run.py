"""Tests that a test has written, run with the project's settings."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def pytest(folder: Path, *options: str) -> subprocess.CompletedProcess[str]:
    """Run pytest in a folder, in a process of its own."""
    ours = ("-c", str(ROOT / "setup.cfg"), "--rootdir=.", "-p", "no:cacheprovider")
    # Else it would take itself for a worker of this run.
    outside = {name: value for name, value in os.environ.items() if "XDIST" not in name}
    return subprocess.run(
        [sys.executable, "-m", "pytest", *ours, *options],
        cwd=folder,
        env=outside | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
