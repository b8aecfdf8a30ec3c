"""Statements that make models, as they are run in a scratch place. Pure."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator
from itertools import groupby

from sqlalchemy import Dialect, Table

from flask_migrate.database.scratch.postgresql_parts import name_of, parents_of
from flask_migrate.database.scratch.postgresql_places import ScratchPlace
from flask_migrate.database.scratch.postgresql_runs import Group
from flask_migrate.database.scratch.postgresql_words import Words
from flask_migrate.database.scratch.statements import Statement, creation
from flask_migrate.values.schema import Name

# What is built concurrently cannot be built in a transaction.
_CONCURRENTLY = re.compile(r"(CREATE (?:UNIQUE )?INDEX) CONCURRENTLY ")


def statements_for(
    tables: Collection[Table], outlines: Collection[Table], place: ScratchPlace, dialect: Dialect
) -> list[Statement]:
    """Return the statements that make models in a scratch place.

    Args:
        tables: The models.
        outlines: What else their foreign keys need.
        place: The scratch place.
        dialect: The server.
    """
    waiting = _parents(tables, place, dialect)
    found: dict[Statement, None] = {}
    for part in (outlines, tables):
        for statement in creation(part, dialect=dialect, schemas=place.names):
            found |= dict.fromkeys([*waiting.pop(statement.owner, ()), statement])
    return list(found)


def _parents(
    tables: Iterable[Table], place: ScratchPlace, dialect: Dialect
) -> dict[Name, list[Statement]]:
    """Return statements that fail if a table is to inherit from one that is not there.

    That of the table names no schema: it would find the real parent, and lock it.
    """
    found = defaultdict(list)
    for table in tables:
        owner = name_of(table)
        for parent in parents_of(table):
            quoted = dialect.identifier_preparer.quote(parent).replace("'", "''")
            # In two pieces, for one would be taken for the name of what is not made here.
            sql = f"SELECT concat('{place.names[None]}.', '{quoted}')::regclass"
            found[owner].append(Statement(owner=owner, sql=sql))
    return found


def grouped(statements: Iterable[Statement], words: Words, dialect: Dialect) -> Iterator[Group]:
    """Yield statements as they are run, those of one owner that follow each other together."""
    for owner, part in groupby(statements, key=lambda statement: statement.owner):
        yield Group(owner, [words.in_statement(_plain(one.sql, dialect)) for one in part])


def _plain(sql: str, dialect: Dialect) -> str:
    is_doubled = dialect.paramstyle in {"format", "pyformat"}
    return _CONCURRENTLY.sub(r"\1 ", sql.replace("%%", "%") if is_doubled else sql, count=1)
