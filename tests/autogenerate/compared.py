"""Two versions of the models on a database, compared with the options that `env.py` passes."""

import warnings
from pathlib import Path

import pytest
import sqlalchemy as sa

from flask_migrate.errors import ModelsDiffer
from tests.changes.application import BASE, Application, directory_with_history, new_directory


class Compared:
    """A database of the old models, and an application with the new ones.

    Args:
        database: An empty database.
        directory: Where migrations directories are made.
        before: Declares the old models.
        after: Declares the new ones, or has them.
        **options: What `Migrate` is given.
    """

    def __init__(self, database, directory, before, after, **options):
        old, new = sa.MetaData(), sa.MetaData()
        before(old)
        if isinstance(after, sa.MetaData):
            new = after
        else:
            after(new)
        template = new_directory(directory / "template", database)
        path = directory / "migrations"
        with warnings.catch_warnings(action="ignore"):  # of tables that refer to each other
            directory_with_history(template, path, old)
            self.application = Application(database, new, path, **options)
            self.engine = self.application.engine
            old.create_all(self.engine)
        with self.application.running() as verbs:
            verbs.stamp(revision=BASE)

    def script(self):
        """Return the revision file that `migrate` writes; "" for none."""
        with self.application.running() as verbs:
            report = verbs.migrate(rev_id="after")
        paths = [Path(one.path) for one in report.revisions]
        return paths[0].read_text("utf-8") if paths else ""

    def there_and_back(self):
        """Upgrade, and take that back."""
        with self.application.running() as verbs:
            verbs.upgrade()
            verbs.downgrade(revision=BASE)

    def differs(self):
        """Return what `check` tells."""
        with self.application.running() as verbs:
            try:
                verbs.check()
            except ModelsDiffer as error:
                return [one.description for one in error.report.changes]
        return []


def body(script, function="upgrade"):
    """Return the lines of a function of a revision file, without what Alembic comments."""
    lines = script.partition(f"def {function}")[2].partition("\ndef ")[0].splitlines()[1:]
    return [line.strip() for line in lines if line.strip() and "###" not in line]


@pytest.fixture
def compared(database, tmp_path):
    """A function that compares: compared(before, after, compare_type=False)."""
    return lambda before, after, **options: Compared(database, tmp_path, before, after, **options)
