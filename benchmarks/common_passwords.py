"""Counts how many passwords of public lists would be accepted.

``python -m benchmarks.common_passwords LIST ...`` takes some milliseconds a password. A list has
one a line, the most common first; docs/explanation/decisions tells which were taken.
"""

import argparse
from pathlib import Path

from contactsvc.accounts.security.password_policy import guessable

SHORT, LONG = 8, 12
"""What PASSWORD_MIN_LENGTH is at least, and what it is."""

MOST_COMMON = 3000
"""ASVS 5.0, 6.2.4."""


def accepted(passwords: list[str]) -> str:
    """Return how many of them would be, and some of these."""
    passed = [password for password in passwords if guessable(password, []) is None]
    return f"{len(passed)} of {len(passwords)}: {' '.join(map(repr, passed[:10]))}"


def main() -> None:
    """Print two lines for each list."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path, nargs="+")
    for path in parser.parse_args().lists:
        lines = path.read_text(errors="replace").splitlines()
        short = [line for line in lines if len(line) >= SHORT][:MOST_COMMON]
        long = [line for line in lines if len(line) >= LONG]
        print(path.name)
        print(f"  the most common of {SHORT} and more characters, {accepted(short)}")
        print(f"  all of {LONG} and more characters, {accepted(long)}")


if __name__ == "__main__":
    main()
