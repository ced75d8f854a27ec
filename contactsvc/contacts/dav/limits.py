"""How much clients may ask for at once."""

from typing import Final

MAX_XML: Final = 4 * 1024**2
"""Bytes of a body that is XML: hrefs for 40,000 cards have room."""
MAX_NAMES: Final = 200
"""Properties that are asked for at once; macOS asks for some 40."""
MAX_NAMES_LENGTH: Final = 8 * 1024
"""Characters of their names together: those that are not known are repeated for each card."""
MAX_TESTS: Final = 50
"""Tests in the filter of a query, each made on every card."""
MAX_TEXT: Final = 1000
"""Characters that a test of a query looks for."""
