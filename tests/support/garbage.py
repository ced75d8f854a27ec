"""What a test drops without closing it fails that test, not the one in which it is collected."""

import gc
from collections.abc import Iterator

import pytest

gc.disable()  # what is imported and collected lives as long as the run


def pytest_collection_finish() -> None:
    gc.freeze()
    gc.enable()


@pytest.fixture(autouse=True)
def _collect_garbage() -> Iterator[None]:
    """Collect what the test has dropped; pytest makes an error of a warning in ``__del__``.

    Being set up first, it is torn down last: after the event loop.
    """
    yield
    gc.collect()
    gc.freeze()  # so that the next collection looks at what is new, in a hundredth of the time
