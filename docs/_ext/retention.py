"""Writes the table of what is kept of people out of the list that the housekeeper keeps.

``.. retention::`` shows all of it.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from .retention_table import retention_table


class Retention(SphinxDirective):
    """Shows the table."""

    def run(self) -> list[nodes.Node]:
        """Return it."""
        return self.parse_text_to_nodes(retention_table())


def _always(_: Sphinx, __: BuildEnvironment, *___: object) -> list[str]:
    """Name the page that is made from code, which Sphinx does not watch."""
    return ["reference/retention"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx what is here."""
    app.add_directive("retention", Retention)
    app.connect("env-get-outdated", _always)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
