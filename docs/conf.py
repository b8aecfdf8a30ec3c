"""How Sphinx builds the documentation: make docs."""

import logging
import sys
from pathlib import Path

from flask_migrate import __version__

# For tools.reference, whose directives read options and errors from the code.
sys.path.insert(0, str(Path(__file__).parent.parent))
# Alembic tells of each plug-in that it loads.
logging.getLogger("alembic").setLevel(logging.WARNING)

project = "Godwit"
author = "The Godwit authors"
project_copyright = "2026, The Godwit authors"
release = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "tools.reference"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Godwit"

# Headings can be linked to: [the rooms](design.md#3-rooms).
myst_heading_anchors = 3
myst_enable_extensions = ["deflist"]

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
napoleon_google_docstring = True

# Quotes and dashes are part of commands.
smartquotes = False
