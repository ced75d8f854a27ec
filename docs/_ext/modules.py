"""Writes what the docstrings of a package's modules say, so that no list is kept by hand.

``.. modules:: contactsvc.contacts`` shows the package and every module below it; with the option
``:flat:`` only those right in it.
"""

from importlib import import_module
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective
from sphinx.util.typing import ExtensionMetadata, OptionSpec

from .module_names import module_names


class Modules(SphinxDirective):
    """Shows the modules of a package."""

    required_arguments = 1
    option_spec: ClassVar[OptionSpec] = {"flat": directives.flag}

    def run(self) -> list[nodes.Node]:
        """Return a section for each module."""
        names = module_names(self.arguments[0], flat="flat" in self.options)
        text = "\n".join(map(_section, names))
        return self.parse_text_to_nodes(text, allow_section_headings=True)


def _section(name: str) -> str:
    """Return the section of a module; what a package passes on is told by its own module."""
    text = f"{name}\n{'-' * len(name)}\n\n.. automodule:: {name}\n"
    is_package = hasattr(import_module(name), "__path__")
    return f"{text}   :no-members:\n" if is_package else text


def setup(app: Sphinx) -> ExtensionMetadata:
    """Tell Sphinx what is here."""
    app.add_directive("modules", Modules)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
