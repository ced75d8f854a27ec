"""Says in tables which columns of CSV files are read as what, as the reader knows them."""

from collections.abc import Iterator, Mapping

from contactsvc.contacts.transfer.csv.languages import NAMES
from contactsvc.contacts.transfer.csv.layout import AFTER, BEFORE, ENTRIES, MORE

from .http_schemas import table


def csv_columns_tables() -> str:
    """Return a section of reStructuredText for an export, and one for each language."""
    return "\n\n".join(
        [
            _section("Columns of an export", ("Columns", "What they have"), _own()),
            *(
                _section(f"Names in {name}", ("Read as", "Names"), _names(names))
                for name, names in NAMES.items()
            ),
        ]
    )


def _section(title: str, head: tuple[str, str], rows: Iterator[tuple[str, str]]) -> str:
    return f"{title}\n{'-' * len(title)}\n\n{table(head, (35, 65), rows)}"


def _own() -> Iterator[tuple[str, str]]:
    yield _listed(BEFORE), "The fields of these names."
    for field, (name, most, parts) in ENTRIES.items():
        columns = [f"{name}_1" if part == "value" else f"{name}_1_{part}" for part in parts]
        which = "The first" if most == 1 else f"The first; the same for up to {most}"
        yield _listed(columns), f"{which} of ``{field}``."
    yield _listed(AFTER), "The fields of these names; ``:::`` stands between tags."
    yield _listed(MORE), "What the others cannot hold, as JSON."


def _names(names: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for target, headers in names.items():
        yield f"``{target}``", headers.replace(" | ", " · ")


def _listed(names: Iterator[str] | tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"``{name}``" for name in names)
