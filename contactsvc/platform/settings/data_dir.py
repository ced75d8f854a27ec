"""Whether DATA_DIR can be used, told with its name rather than that of some file in it."""

import tempfile
from pathlib import Path


def unwritable(folder: Path) -> str | None:
    """Make the folder, and return why no file can be made in it; None where one can."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return None
    except OSError as error:
        return f"DATA_DIR: {folder} cannot be written to: {error.strerror}."
