"""How Sphinx builds this documentation."""

import sys
from pathlib import Path

from contactsvc import __version__

sys.path.insert(0, str(Path(__file__).parent))

project = "contactsvc"
copyright = "the contactsvc authors"
version = release = __version__

extensions = [
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "_ext.csv_columns",
    "_ext.http_api",
    "_ext.modules",
    "_ext.retention",
    "_ext.settings",
]
exclude_patterns = ["_build"]
default_role = "code"
smartquotes_action = "qe"  # --MM-DD is meant as it is written

autodoc_default_options = {"members": True, "member-order": "bysource"}
autodoc_typehints_format = "short"
python_use_unqualified_type_names = True

html_theme = "sphinx_rtd_theme"
html_static_path = ["_static"]
html_css_files = ["tables.css", "pages.css"]
html_show_sourcelink = False
