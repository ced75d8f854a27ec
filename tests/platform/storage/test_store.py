"""References say where a picture is, in what fits into a column."""

import pytest

from contactsvc.platform.storage.cloudinary import URL_MAX_LENGTH
from contactsvc.platform.storage.store import Reference

NAME = f"{'0123456789abcdef' * 2}.webp"


@pytest.mark.parametrize(
    ("reference", "text"),
    [
        (Reference("folder", NAME), f"folder:{NAME}"),
        (
            Reference("cloudinary", NAME, "https://res.example.com/a:b|c"),
            f"cloudinary:{NAME}|https://res.example.com/a:b|c",
        ),
    ],
)
def test_a_reference_is_read_as_it_was_written(reference: Reference, text: str) -> None:
    assert str(reference) == text
    assert Reference.parse(text) == reference


def test_the_longest_reference_fits_into_the_column() -> None:
    assert len(str(Reference("cloudinary", NAME, "x" * URL_MAX_LENGTH))) <= 255
