"""Apply the changes of a batch to the statement of a table. Pure: text in, text out."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from flask_migrate.database.sqlite import edit
from flask_migrate.database.sqlite.conflicts import set_key_conflict, set_not_null_conflict
from flask_migrate.database.sqlite.ddl import CONSTRAINTS, Clause, Column, Found, Kind, Table
from flask_migrate.database.sqlite.parse import parse_column
from flask_migrate.database.sqlite.tokens import comparable, fold, quote, same
from flask_migrate.execution.sqlite.changes import (
    AddColumn,
    AddConstraint,
    Change,
    ChangeColumn,
    DropColumn,
    DropConstraint,
    RenameColumn,
)

NameOf = Callable[[Table, Found], Iterable[str]]
"""Returns what a naming convention calls a constraint that has no name."""


def apply(table: Table, change: Change, *, name_of: NameOf) -> Table:
    """Return the table with one change.

    Raises:
        PartMissing: There is no such column or constraint.
        PartInUse: A part of the table that stays needs what is to go.
    """
    match change:
        case AddColumn():
            table = _add_column(table, change)
        case DropColumn():
            if edit.find_column(table, change.name) or not change.if_exists:
                table = edit.drop_column(table, change.name)
        case RenameColumn():
            table = _rename_added(table, change)
        case ChangeColumn():
            table = _change_column(table, change)
        case AddConstraint():
            table = _add_constraint(table, change)
        case DropConstraint():
            found = _find_constraint(table, change, name_of)
            table = edit.drop_constraint(table, found) if found else table
        case _:
            pass  # an index or the name of the table is no part of the statement
    return table


def apply_option(table: Table, option: str, *, wanted: bool) -> Table:
    """Return the table with or without an option."""
    if option == "AUTOINCREMENT":
        return edit.set_autoincrement(table, wanted=wanted)
    return edit.set_option(table, option, wanted=wanted)


def _add_column(table: Table, change: AddColumn) -> Table:
    if edit.find_column(table, change.column.name):
        if change.unless_exists:
            return table
        raise edit.PartInUse(f"there is a column {change.column.name!r} already")
    table = edit.add_column(table, change.column, before=change.before, after=change.after)
    return edit.add_to_primary_key(table, change.column.name) if change.is_primary_key else table


def _rename_added(table: Table, change: RenameColumn) -> Table:
    """Rename a column that the same batch adds; the others SQLite renames itself."""
    written = quote(change.new_name)
    return edit.change_column(table, change.name, lambda column: replace(column, written=written))


def _change_column(table: Table, change: ChangeColumn) -> Table:
    def changed(column: Column) -> Column:
        if change.declared is not None:
            column = edit.set_type(column, change.declared)
        if change.collation is not None:
            column = edit.set_collation(column, change.collation or None)
        if change.not_null is not None:
            column = edit.set_not_null(column, not_null=change.not_null)
        if change.not_null_conflict is not None:
            column = set_not_null_conflict(column, change.not_null_conflict)
        return column if change.default is None else _set_default(column, change)

    table = edit.change_column(table, change.name, changed)
    if change.key_conflict is not None:
        table = set_key_conflict(table, change.key_conflict)
    if change.before is None and change.after is None:
        return table
    return edit.move_column(table, change.name, before=change.before, after=change.after)


def _set_default(column: Column, change: ChangeColumn) -> Column:
    clauses = parse_column(f"x {change.default}").clauses
    new = clauses[0] if clauses else None
    if new is not None and new.kind is Kind.GENERATED:
        return edit.set_generated(edit.set_default(column, None), new.body)
    # What is computed cannot have a default: it becomes a plain column.
    column = edit.set_generated(column, None)
    return edit.set_default(column, new.expression if new else None)


def _add_constraint(table: Table, change: AddConstraint) -> Table:
    clause = change.constraint.clause
    named = _by_name(table, clause.name) if clause.name else None
    if change.only_if_missing:
        alike = next((one for one in table.found(clause.kind) if _are_alike(one, clause)), None)
        if named or (alike and (alike.clause.name or not clause.name)):
            return table
        table = edit.drop_constraint(table, alike) if alike else table
    elif named:
        table = edit.drop_constraint(table, named)
    return edit.add_constraint(table, change.constraint)


def _are_alike(found: Found, clause: Clause) -> bool:
    """Return whether a constraint says the same as one of the table, whatever their names."""
    if clause.kind is Kind.CHECK:
        return comparable(found.clause.expression) == comparable(clause.expression)
    if clause.kind is Kind.PRIMARY_KEY:
        return True
    mine = (fold(found.clause.refers_to or ""), [fold(name) for name in found.columns])
    return mine == (fold(clause.refers_to or ""), [fold(name) for name in clause.columns])


def _find_constraint(table: Table, change: DropConstraint, name_of: NameOf) -> Found | None:
    """Return the constraint that is meant, by its own name or by that of the convention."""
    found = _by_name(table, change.name, change.kind) if change.name else None
    if found is not None:
        return found
    if change.of_type is not None:
        clause = change.of_type.clause
        return next((one for one in table.found(Kind.CHECK) if _are_alike(one, clause)), None)
    kinds = {change.kind} if change.kind else CONSTRAINTS
    unnamed = [one for one in table.found(*kinds) if not one.clause.name]
    if change.name is not None:
        wanted = fold(change.name)
        fitting = [one for one in unnamed if wanted in map(fold, name_of(table, one))]
    else:
        fitting = unnamed
    if change.kind is Kind.PRIMARY_KEY:
        fitting = list(table.found(Kind.PRIMARY_KEY))  # there is but one
    if len(fitting) != 1 and not change.if_exists:
        raise edit.PartMissing(_not_found(change, fitting or unnamed))
    return fitting[0] if fitting else None


def _by_name(table: Table, name: str, kind: Kind | None = None) -> Found | None:
    named = [
        one
        for one in table.found(*CONSTRAINTS, Kind.NOT_NULL)
        if one.clause.name and same(one.clause.name, name)
    ]
    return next((one for one in named if one.clause.kind is kind), next(iter(named), None))


def _not_found(change: DropConstraint, unnamed: list[Found]) -> str:
    there = "; ".join(
        f"{one.column} {one.clause.body}" if one.column else one.clause.body for one in unnamed
    )
    without = f". Without a name there are: {there}" if there else ""
    return f"No such constraint: {change.name!r}{without}"
