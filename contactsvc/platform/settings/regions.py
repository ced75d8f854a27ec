"""The countries and territories of ISO 3166-1, as the database of time zones lists them."""

import functools
from importlib import resources


@functools.cache
def regions() -> frozenset[str]:
    """Return the alpha-2 codes, such as GB."""
    table = resources.files("tzdata") / "zoneinfo" / "iso3166.tab"
    lines = table.read_text(encoding="utf-8").splitlines()
    return frozenset(line[:2] for line in lines if not line.startswith("#"))
