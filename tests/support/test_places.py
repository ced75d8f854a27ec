"""What is looked for in every place is looked for somewhere."""

from tests.support.places import BODIES, PATHS, QUERIES


def test_there_is_something_to_try() -> None:
    assert (len(BODIES) >= 8, len(QUERIES) >= 4, len(PATHS) >= 7) == (True, True, True)
