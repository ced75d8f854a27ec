"""Writes the tables of the columns of CSV files out of what the reader and the writer know.

``.. csv-columns::`` shows all of them, a section for each.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from .csv_columns_table import csv_columns_tables


class CsvColumns(SphinxDirective):
    """Shows the tables."""

    def run(self) -> list[nodes.Node]:
        """Return them in their sections."""
        return self.parse_text_to_nodes(csv_columns_tables(), allow_section_headings=True)


def _always(_: Sphinx, __: BuildEnvironment, *___: object) -> list[str]:
    """Name the page that is made from code, which Sphinx does not watch."""
    return ["reference/csv-columns"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx what is here."""
    app.add_directive("csv-columns", CsvColumns)
    app.connect("env-get-outdated", _always)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
