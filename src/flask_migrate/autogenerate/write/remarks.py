"""What a person should know of an operation: a comment in the script, some on the screen too."""

from flask_migrate.values.revision import Problem
from flask_migrate.values.schema import Column, EnumType, Name, Table

VALUES_LOST = "values-lost"
"""The code of what only stands in the script: it is what the models ask for."""


def rows_lost(table: Name) -> Problem:
    """Return what is said of a table that goes."""
    return Problem(code=VALUES_LOST, message=f"The rows of {table} are lost.", hint=None)


def values_lost(table: Name, column: str) -> Problem:
    """Return what is said of a column that goes."""
    return Problem(code=VALUES_LOST, message=f"The values of {table}.{column} are lost.", hint=None)


def required_without_default(table: Name, column: str) -> Problem:
    """Return what is said of a new column that rows cannot have."""
    return Problem(
        code="rows-refuse",
        message=f"If {table} has rows, this fails: {column} is NOT NULL and has no default.",
        hint="Give it a server_default, or a default that is a plain value, and generate again.",
    )


def nulls_refuse(table: Name, column: str) -> Problem:
    """Return what is said of a column that becomes NOT NULL."""
    return Problem(
        code="rows-refuse",
        message=f"If a row of {table} has no {column}, this fails: nothing says what to fill in.",
        hint="Give it a server_default, or a default that is a plain value, and generate again.",
    )


def values_refuse(enum: EnumType, gone: list[str]) -> Problem:
    """Return what is said of a type that loses values."""
    return Problem(
        code="rows-refuse",
        message=f"If a row has {_listed(gone)} of {enum.name}, this fails: the value goes.",
        hint="Change those rows first: op.execute() with an UPDATE above this line.",
    )


def view_lost(view: Name) -> Problem:
    """Return what is said of a view that reads what goes."""
    return Problem(
        code="view-lost",
        message=f"The view {view} reads what goes: it is dropped.",
        hint="To keep it, write the view that is to be there at the end of upgrade().",
    )


def no_partitions(table: Name) -> Problem:
    """Return what is said of a new table that is cut into partitions, of which there are none."""
    return Problem(
        code="no-partitions",
        message=f"{table} takes no rows before it has a partition, and models tell of none.",
        hint="Make its partitions below: op.execute('CREATE TABLE ... PARTITION OF ...').",
    )


def not_partitioned(table: Name) -> Problem:
    """Return what is said of a table that is to have other partitions, or some at all."""
    return Problem(
        code="not-partitioned",
        message=f"Nothing is written for the PARTITION BY of {table}: no statement changes it.",
        hint="Make a new table, and move the rows to it, in a revision of your own.",
    )


def labels_refuse(table: Name, gone: list[str]) -> Problem:
    """Return what is said of a CHECK that takes fewer values than the one before it."""
    return Problem(
        code="rows-refuse",
        message=f"If a row of {table} has {_listed(gone)}, this fails: the value goes.",
        hint="Change those rows first: op.execute() with an UPDATE above this line.",
    )


def column_looks_renamed(table: Name, old: Column, new: Column) -> Problem:
    """Return what is said of a column that goes where one like it comes."""
    return Problem(
        code="looks-renamed",
        message=f"The values of {table}.{old.name} are lost, unless it is {new.name} by another "
        "name.",
        hint=f"To rename it, put in place of both operations: op.alter_column({table.name!r}, "
        f"{old.name!r}, new_column_name={new.name!r})",
    )


def table_looks_renamed(old: Table, new: Table) -> Problem:
    """Return what is said of a table that goes where one like it comes."""
    if old.name.name == new.name.name:
        place = new.name.schema or "public"
        return Problem(
            code="looks-renamed",
            message=f"The rows of {old.name} are lost, unless it moves to {new.name}.",
            hint="To move it, put in place of both operations: "
            f"op.execute('ALTER TABLE {old.name} SET SCHEMA {place}')",
        )
    return Problem(
        code="looks-renamed",
        message=f"The rows of {old.name} are lost, unless it is {new.name} by another name.",
        hint="To rename it, put in place of both operations: "
        f"op.rename_table({old.name.name!r}, {new.name.name!r})",
    )


def _listed(labels: list[str]) -> str:
    return " or ".join(map(repr, labels))
