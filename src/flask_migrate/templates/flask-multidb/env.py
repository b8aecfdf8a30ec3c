"""Runs these migrations on every database of the application.

To customise, pass what Alembic's context.configure() takes; it wins over what Migrate() was
given. To leave the table of another program alone, for example:

    def include_object(object, name, type_, reflected, compare_to):
        return not (type_ == "table" and name == "celery_taskmeta")

    run_each_bind(include_object=include_object)
"""

from flask_migrate.alembic_env import run_each_bind

run_each_bind()
