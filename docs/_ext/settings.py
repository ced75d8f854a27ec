"""Writes the tables of what can be set out of the settings as they are declared.

``.. settings::`` shows all of them, a section for each group.
"""

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata

from .settings_table import settings_tables


class SettingsTables(SphinxDirective):
    """Shows the tables."""

    def run(self) -> list[nodes.Node]:
        """Return them in their sections."""
        return self.parse_text_to_nodes(settings_tables(), allow_section_headings=True)


def _always(_: Sphinx, __: BuildEnvironment, *___: object) -> list[str]:
    """Name the page that is made from code, which Sphinx does not watch."""
    return ["reference/settings"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx what is here."""
    app.add_directive("settings", SettingsTables)
    app.connect("env-get-outdated", _always)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
