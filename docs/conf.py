"""How Sphinx builds the documentation: make docs."""

from flask_migrate import __version__

project = "Godwit"
author = "The Godwit authors"
project_copyright = "2026, The Godwit authors"
release = __version__

extensions = ["myst_parser"]
exclude_patterns = ["_build"]
html_theme = "furo"
html_title = "Godwit"

# Headings can be linked to: [the rooms](design.md#3-rooms).
myst_heading_anchors = 3
