"""Connections to a PostgreSQL database of a test."""

from contextlib import contextmanager

import sqlalchemy as sa

from flask_migrate.database.snapshots.postgresql import read
from flask_migrate.values.schema import Name


@contextmanager
def engines(database):
    """Give a function that makes engines: make(search_path="shop,public")."""
    made = []

    def make(**settings):
        options = " ".join(f"-c {name}={value}" for name, value in settings.items())
        arguments = {"options": options} if options else {}
        made.append(sa.create_engine(database.url, connect_args=arguments))
        return made[-1]

    try:
        yield make
    finally:
        for engine in made:
            engine.dispose()


def run_script(engine, script):
    """Run statements, whatever signs are in them."""
    with engine.begin() as connection:
        connection.connection.dbapi_connection.execute(script)


@contextmanager
def counted(connection):
    """Give a list of the statements that are run."""
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    sa.event.listen(connection, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        sa.event.remove(connection, "before_cursor_execute", note)


def found(engine, script, *schemas):
    """What there is after a script has been run, in the default schema and others."""
    run_script(engine, script)
    with engine.connect() as connection:
        return read(connection, ["", *schemas])


def table(engine, script, name):
    return found(engine, script).tables[Name("", name)]
