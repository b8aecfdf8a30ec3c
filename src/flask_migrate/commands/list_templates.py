"""Which templates there are."""

from flask_migrate._alembic import template_directory
from flask_migrate.revisions import templates
from flask_migrate.revisions.config import Config
from flask_migrate.values.results import TemplateList


def list_templates(config: Config) -> TemplateList:
    """Return the templates that `init` can start from."""
    return TemplateList(templates=templates.list_templates(template_directory(config)))
