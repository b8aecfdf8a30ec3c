"""Foreign keys that the server has named by counting them: they keep their names. Pure.

It counts in the order in which they were made, and that may not be the one of the models.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import replace

from flask_migrate.database.snapshots.mysql import named_by_server
from flask_migrate.values.schema import Constraint, Kind, Snapshot, Table


def keys_as_called(database: Snapshot, models: Snapshot) -> Snapshot:
    """Return the models with the names that their foreign keys have in the database.

    Args:
        database: What is there.
        models: What is to be there.
    """
    tables = {
        name: _as_in(there, table)
        if (there := database.tables.get(name)) is not None and there != table
        else table
        for name, table in models.tables.items()
    }
    return replace(models, tables=tables)


def _as_in(there: Table, table: Table) -> Table:
    names = _names(list(_counted(there)), list(_counted(table)))
    constraints = (replace(one, name=names.get(one, one.name)) for one in table.constraints)
    return replace(table, constraints=tuple(constraints))


def _counted(table: Table) -> Iterator[Constraint]:
    return (key for key in table.of_kind(Kind.FOREIGN_KEY) if named_by_server(key, table))


def _names(there: list[Constraint], wanted: list[Constraint]) -> dict[Constraint, str | None]:
    """Return what a wanted key is called there: the same one, else one of the same columns."""
    names: dict[Constraint, str | None] = {}
    left = list(there)
    alikes: tuple[Callable[[Constraint], Hashable], ...] = (_itself, _content, _columns)
    for alike in alikes:
        for key in wanted:
            old = next((one for one in left if alike(one) == alike(key)), None)
            if key not in names and old is not None:
                names[key] = old.name
                left.remove(old)
    return names


def _itself(key: Constraint) -> Hashable:
    return key


def _content(key: Constraint) -> Hashable:
    return replace(key, name=None)


def _columns(key: Constraint) -> Hashable:
    return key.columns
