"""A SQLite database on which revisions run, and what can be seen of it from outside."""

from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.runtime.migration import MigrationContext

from flask_migrate.execution.operations import operations

COPIES = "INSERT OR ABORT INTO"


class Lab:
    """A database, `op` on it, and every statement that ran."""

    def __init__(self, connection, **options):
        self.connection = connection
        self.statements = []
        self._options = options
        sa.event.listen(connection.engine, "before_cursor_execute", self._note)

    def run(self, *statements):
        """Run statements as they are, and commit."""
        for sql in statements:
            self.connection.exec_driver_sql(sql)
        self.connection.commit()

    def rows(self, sql):
        return [tuple(row) for row in self.connection.exec_driver_sql(sql)]

    @contextmanager
    def revision(self):
        """Let `op` work on the database; yields what it notes, from here on."""
        context = MigrationContext.configure(self.connection, opts=self._options)
        self.statements.clear()
        with operations(context):
            yield self.statements
        self.connection.commit()

    @contextmanager
    def batch(self, table, **arguments):
        """Change a table in a batch."""
        with self.revision(), op.batch_alter_table(table, **arguments) as batch:
            yield batch

    @property
    def copied(self):
        """The tables that were copied."""
        return [sql.split()[4] for sql in self.statements if sql.startswith(COPIES)]

    def sql_of(self, name):
        """The statement of a part of the schema, as SQLite has stored it."""
        found = self.rows(f"SELECT sql FROM sqlite_master WHERE name = '{name}'")
        return found[0][0] if found else None

    def snapshot(self):
        """Every part of the schema and every row."""
        parts = self.rows("SELECT type, name, tbl_name, sql FROM sqlite_master ORDER BY 1, 2")
        tables = [name for kind, name, _, _ in parts if kind == "table"]
        return parts, {name: self.rows(f'SELECT * FROM "{name}"') for name in tables}

    def _note(self, connection, cursor, statement, *_):
        self.statements.append(statement)
