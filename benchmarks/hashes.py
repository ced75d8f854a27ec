"""Prints the CPU seconds of one argon2id hash: the floor of a sign-in, which verifies one.

It is hashed as the least code does it, in the pages that the system gives. The service asks for
huge ones, in which a hash takes a tenth less, so a sign-in may come close to the floor.
"""

import subprocess
import sys
import time
from typing import Final

from argon2.low_level import Type, hash_secret_raw

from benchmarks.server import cores, on_core
from contactsvc.accounts.security.passwords import OWASP

COUNT: Final = 50


def cpu_of_a_hash() -> float:
    """Return the CPU seconds, as a process of its own on the servers' core measures them."""
    with on_core(cores()[0]):
        command = [sys.executable, "-m", "benchmarks.hashes"]
        return float(subprocess.run(command, check=True, capture_output=True).stdout)


def main() -> None:
    """Hash COUNT times with the service's parameters."""
    before = time.process_time()
    for _ in range(COUNT):
        hash_secret_raw(
            secret=b"correct horse battery staple",
            salt=b"0123456789abcdef",
            time_cost=OWASP.passes,
            memory_cost=OWASP.memory_kib,
            parallelism=OWASP.lanes,
            hash_len=32,
            type=Type.ID,
        )
    print((time.process_time() - before) / COUNT)


if __name__ == "__main__":
    main()
