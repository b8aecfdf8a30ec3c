"""Look at the values of a column that gets another type, and say which would be lost."""

from sqlalchemy import Connection

from flask_migrate.database.sqlite.affinity import Value
from flask_migrate.database.sqlite.ddl import Kind, Table
from flask_migrate.database.sqlite.tokens import quote
from flask_migrate.errors import ValuesWouldBeLost
from flask_migrate.execution.sqlite.readings import NewType, loses, worth_a_look

SHOWN = 5
"""How many rows an error names."""
_LONGEST = 60


def refuse_lost_values(connection: Connection, table: Table, schema: str, new: NewType) -> None:
    """Refuse a type that has no place for a value of a column.

    Raises:
        ValuesWouldBeLost: There is such a value.
    """
    classes = worth_a_look(new, connection.dialect)
    if classes is None:
        return
    key = row_key(table)
    column = quote(new.column)
    rows = connection.exec_driver_sql(
        f"SELECT {column}, {', '.join(key)} FROM {quote(schema)}.{quote(table.name)} "
        f"WHERE typeof({column}) IN ({classes})"
    )
    shown, count = list[str](), 0
    for value, *numbers in rows:
        if loses(value, new):
            count += 1
            if count <= SHOWN:
                shown.append(f"{show_row(key, numbers)} has {show_value(value)}")
    if count:
        address = f"{table.name}.{new.column}"
        raise ValuesWouldBeLost(address, new.new or "untyped", rows=shown, count=count)


def row_key(table: Table) -> tuple[str, ...]:
    """Return what tells rows apart, as SQL: the primary key, or else the number of the row."""
    found = next(table.found(Kind.PRIMARY_KEY), None)
    return tuple(quote(name) for name in found.columns) if found else ("rowid",)


def show_row(key: tuple[str, ...], values: list[Value]) -> str:
    """Return what names a row.

    >>> show_row(('"id"',), [3])
    'id=3'
    """
    names = (name.strip('"') for name in key)
    return ", ".join(
        f"{name}={show_value(value)}" for name, value in zip(names, values, strict=True)
    )


def show_value(value: Value) -> str:
    """Return a value for a sentence, the end left out if it is long."""
    text = repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 3]}..."
