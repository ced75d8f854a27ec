"""Damaged cards raise nothing and lose nothing; ``make fuzz-vcard`` tries many more."""

import random
import tracemalloc

import pytest
from click.testing import CliRunner

from tests.contacts.vcard.fuzz import damaged, main, try_one
from tests.support.samples import samples

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("seed", range(10))
@pytest.mark.own_app
def test_damaged_cards_are_read_in_little_memory(seed: int) -> None:
    tracemalloc.start()
    try:
        contacts = sum(try_one(f"{seed}-{number}") for number in range(samples(200, 2000)))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert contacts > 100
    assert peak < 20_000_000


def test_the_same_seed_damages_the_same() -> None:
    assert damaged(random.Random("1")) == damaged(random.Random("1")) != damaged(random.Random("2"))


def test_the_command_tells_how_many_it_has_read() -> None:
    result = CliRunner().invoke(main, ["--inputs", "10"])

    assert result.exit_code == 0
    assert result.output.startswith("10 inputs, ")
