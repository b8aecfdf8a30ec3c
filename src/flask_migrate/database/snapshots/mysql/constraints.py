"""The foreign keys and the CHECKs of a table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Row

from flask_migrate.database.snapshots.mysql.flavours import Flavour
from flask_migrate.database.snapshots.mysql.places import Places, quote
from flask_migrate.values.schema import Constraint, Kind, Name


def foreign_keys(
    keys: Iterable[Row[Any]],
    rules: Iterable[Row[Any]],
    *,
    places: Places,
    flavour: Flavour,
) -> Iterator[Constraint]:
    """Yield the foreign keys of a table.

    Args:
        keys: What information_schema says of their columns, in their order.
        rules: What it says of their actions.
        places: The databases.
        flavour: How the server says it.
    """
    columns: dict[str, list[Row[Any]]] = {}
    for row in keys:
        columns.setdefault(row.constraint_name, []).append(row)
    actions = {row.constraint_name: _actions(row, flavour) for row in rules}
    for name, parts in columns.items():
        yield _foreign_key(name, parts, actions.get(name, ""), places)


def checks(rows: Iterable[Row[Any]], *, places: Places, flavour: Flavour) -> Iterator[Constraint]:
    """Yield the CHECKs of a table; those of its columns belong to them.

    Args:
        rows: What information_schema says of them.
        places: The databases.
        flavour: How the server says it.
    """
    for row in rows:
        if not row.is_of_column:
            clause = places.shorten(flavour.formula(row.check_clause))
            yield Constraint(
                kind=Kind.CHECK,
                name=row.constraint_name,
                columns=(),
                definition=f"CHECK ({clause})" + ("" if row.is_enforced else " NOT ENFORCED"),
            )


def checks_of_columns(rows: Iterable[Row[Any]]) -> Mapping[str, str]:
    """Return the CHECKs that are part of a column, by its name.

    Only a new definition of the column changes or drops them.
    """
    return {row.constraint_name: row.check_clause for row in rows if row.is_of_column}


def _foreign_key(name: str, parts: Sequence[Row[Any]], actions: str, places: Places) -> Constraint:
    columns = tuple(part.column_name for part in parts)
    target = places.name(parts[0].referenced_table_schema, parts[0].referenced_table_name)
    target_columns = tuple(part.referenced_column_name for part in parts)
    return Constraint(
        kind=Kind.FOREIGN_KEY,
        name=name,
        columns=columns,
        definition=f"FOREIGN KEY ({_listed(columns)}) "
        f"REFERENCES {qualified(target)} ({_listed(target_columns)}){actions}",
        target=target,
        target_columns=target_columns,
    )


def qualified(name: Name) -> str:
    """Return a name as it stands in a statement."""
    return f"{quote(name.schema)}.{quote(name.name)}" if name.schema else quote(name.name)


def _actions(row: Row[Any], flavour: Flavour) -> str:
    rules = (("ON DELETE", row.delete_rule), ("ON UPDATE", row.update_rule))
    return "".join(f" {on} {rule}" for on, rule in rules if rule != flavour.plain_action)


def _listed(columns: Iterable[str]) -> str:
    return ", ".join(map(quote, columns))
