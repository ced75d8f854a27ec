"""How much of what a contact may hold."""

from typing import Final

NAME_MAX_LENGTH: Final = 100
TEXT_MAX_LENGTH: Final = 200
STREET_MAX_LENGTH: Final = 500
NOTES_MAX_LENGTH: Final = 10_000
LABEL_MAX_LENGTH: Final = 50
TAG_MAX_LENGTH: Final = 50
"""Characters after NFC."""

MAX_ENTRIES: Final = 20
"""Entries of each list."""
MAX_TAGS: Final = 50

PHOTO_MAX_BYTES: Final = 5 * 1024 * 1024
"""Bytes of a photo as it comes, before it is drawn anew."""

MAX_BYTES: Final = 1024 * 1024
"""Bytes of a body: all at its limit at once fits, each character escaped in JSON."""
