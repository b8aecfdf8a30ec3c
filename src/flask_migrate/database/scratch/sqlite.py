"""Models as SQLite keeps them: made in a database in memory, and read back."""

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby
from operator import attrgetter
from types import ModuleType

from sqlalchemy import Connection, Table

from flask_migrate.database.scratch.judged import Judged, NoScratchPlace
from flask_migrate.database.scratch.parents import with_parents
from flask_migrate.database.scratch.statements import Statement, creation
from flask_migrate.database.snapshots.sqlite import read_through
from flask_migrate.database.sqlite.driver import driver_of
from flask_migrate.database.sqlite.stand_ins import Forgiving
from flask_migrate.database.sqlite.tokens import fold, quote
from flask_migrate.values.schema import Name


def read_models(
    connection: Connection, tables: Collection[Table], *, further: Iterable[Statement] = ()
) -> Judged:
    """Return what SQLite makes of models.

    Functions and collations that the application gives to its connections are not needed.

    Args:
        connection: A connection to the database that the models are for; it stays as it is.
        tables: The models.
        further: What is to be made after them, views for example.

    Raises:
        NoScratchPlace: The models are in more schemas than SQLite attaches.
    """
    known, lost = with_parents(tables)
    code = list(further)
    module = driver_of(connection)
    memory = module.connect(":memory:", isolation_level=None)
    try:
        of_code = {one.code.name.schema for one in code if one.code}
        schemas = sorted({"", *(table.schema or "" for table in tables), *of_code})
        _attach(memory, module, schemas)
        memory.execute("BEGIN")
        statements = [*creation(known, dialect=connection.dialect), *code]
        failed = {**lost, **dict(_make(memory, module, statements))}
        snapshot = read_through(lambda sql: memory.execute(sql).fetchall(), schemas)
    finally:
        memory.close()
    return Judged(snapshot=snapshot, failed=failed)


def _attach(memory: sqlite3.Connection, module: ModuleType, schemas: Iterable[str]) -> None:
    try:
        for schema in schemas:
            if fold(schema) not in {"", "main", "temp"}:
                memory.execute(f"ATTACH ':memory:' AS {quote(schema)}")
    except module.Error as error:
        raise NoScratchPlace(str(error)) from error


def _make(
    memory: sqlite3.Connection, module: ModuleType, statements: Iterable[Statement]
) -> Iterator[tuple[Name, str]]:
    """Make the tables, and yield those that SQLite does not make, with what it says."""
    forgiving = Forgiving(memory, error=module.Error)
    for owner, parts in groupby(statements, key=attrgetter("owner")):
        memory.execute("SAVEPOINT made")
        problem = _problem(forgiving, parts, error=module.Error)
        if problem is not None:
            memory.execute("ROLLBACK TO made")
            yield owner, problem
        memory.execute("RELEASE made")


def _problem(
    forgiving: Forgiving, statements: Iterable[Statement], *, error: type[Exception]
) -> str | None:
    for one in statements:
        if one.problem is not None:
            return one.problem
        try:
            forgiving.execute(one.sql)
        except error as said:
            return str(said)
    return None
