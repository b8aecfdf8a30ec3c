"""Names that go from one table to another: what has them goes before anything else. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass

from flask_migrate.autogenerate.differences import Differences, TableDifference
from flask_migrate.autogenerate.write.servers import Server
from flask_migrate.values.schema import Constraint, Index, Name


@dataclass(frozen=True, slots=True)
class Freed:
    """A constraint or an index whose name another table gets, and the table that has it."""

    table: Name
    part: Constraint | Index


def freed_first(differences: Differences, server: Server) -> list[Freed]:
    """Return what must go before any table gets something of its name.

    Args:
        differences: What is to be settled.
        server: Says which names no two tables can have.
    """
    wanted = {
        (table.name.schema, part.name): table.name
        for table in differences.tables
        for part in _parts_that_come(table)
        if server.shares_names(part)
    }
    return [
        Freed(table.name, part)
        for table in differences.tables
        for part in _parts_that_go(table)
        if server.shares_names(part)
        and wanted.get((table.name.schema, part.name), table.name) != table.name
    ]


def _parts_that_come(table: TableDifference) -> Iterator[Constraint | Index]:
    if table.before is None and table.after is not None:
        yield from table.after.constraints
        yield from table.after.indexes
    yield from (one.after for one in table.constraints if one.after is not None)
    yield from (one.after for one in table.indexes if one.after is not None)


def _parts_that_go(table: TableDifference) -> Iterator[Constraint | Index]:
    return _parts_that_come(table.reversed())
