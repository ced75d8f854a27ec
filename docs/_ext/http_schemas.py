"""Says in words what a JSON schema of the OpenAPI document allows."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final

Schema = Mapping[str, Any]

_RANGES: Final = (
    ("minimum", "maximum", ""),
    ("minLength", "maxLength", " characters"),
    ("minItems", "maxItems", " items"),
)


def type_of(schema: Schema) -> str:
    """Return the type of a value with its bounds and its default, as reStructuredText."""
    parts = [_kind(schema), *_bounds(schema)]
    if schema.get("default") not in (None, ""):
        parts.append(f"default ``{_literal(schema['default'])}``")
    return ", ".join(part for part in parts if part)


def _kind(schema: Schema) -> str:
    if "$ref" in schema:
        return link_to(schema)
    if "enum" in schema:
        return "one of " + listed((f"``{_literal(value)}``" for value in schema["enum"]), "or")
    if schema.get("type") == "array":
        return f"list of {_kind(schema['items'])}"
    kinds = schema.get("type", "any")
    words = [kinds] if isinstance(kinds, str) else list(kinds)
    if "format" in schema:
        words[0] += f" ({schema['format']})"
    return listed(words, "or")


def _bounds(schema: Schema) -> Iterator[str]:
    for low, high, unit in _RANGES:
        if low in schema and high in schema:
            yield f"{schema[low]} to {schema[high]}{unit}"
        elif low in schema:
            yield f"{schema[low]}{unit} or more"
        elif high in schema:
            yield f"up to {schema[high]}{unit}"


def fields_table(schema: Schema, *, takes: bool = False) -> str:
    """Return a table of an object's fields.

    Args:
        schema: Of the object.
        takes: Whether it is taken rather than given, so that it matters which are required.
    """
    required = set(schema.get("required", ()))
    return table(
        ("Field", "Type", "Meaning"),
        (24, 38, 38),
        (
            (
                f"``{name}``",
                type_of(field) + (", required" if takes and name in required else ""),
                markup(field.get("description", "")),
            )
            for name, field in schema.get("properties", {}).items()
        ),
    )


def markup(text: str) -> str:
    """Return the document's Markdown, of which it uses nothing but `code`."""
    parts = text.split("`")
    parts[::2] = [re.sub(r"([\\*|_])", r"\\\1", part) for part in parts[::2]]
    return "``".join(parts)


def link_to(schema: Schema) -> str:
    """Return a link to the section of an object that a schema refers to."""
    name = schema["$ref"].rpartition("/")[2]
    return f"`{name} <objects.html#{name.lower()}>`__"


def listed(words: Iterable[str], last: str = "and") -> str:
    """Return words as a person lists them."""
    *most, final = words
    return f"{', '.join(most)} {last} {final}" if most else final


def table(head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[str]]) -> str:
    """Return a table whose cells are reStructuredText of one line each, without empty columns."""
    columns = list(zip(widths, head, *rows, strict=True))
    told = [column for column in columns if any(column[2:])]
    shown_widths, *lines_of_cells = zip(*told, strict=True)
    lines = [
        ".. list-table::",
        "   :header-rows: 1",
        f"   :widths: {' '.join(map(str, shown_widths))}",
        "",
    ]
    for row in lines_of_cells:
        for mark, cell in zip("*" + " " * (len(row) - 1), row, strict=True):
            lines.append(f"   {mark} - {cell}".rstrip())
    return "\n".join(lines)


def _literal(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
