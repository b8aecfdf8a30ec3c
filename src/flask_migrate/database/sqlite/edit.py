"""Changes to a CREATE TABLE statement: each takes a table and returns another one.

What a change is not about keeps its text, white space and comments included.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from flask_migrate.database.sqlite.canonical import canonical_type
from flask_migrate.database.sqlite.ddl import Clause, Column, Constraint, Found, Kind, Table
from flask_migrate.database.sqlite.parse import parse_column, parse_constraint
from flask_migrate.database.sqlite.tokens import fold, mentions, quote, rename_in, same

_Item = TypeVar("_Item", Column, Constraint)


class PartMissing(LookupError):
    """A table has no column of that name."""


class PartInUse(ValueError):
    """A column cannot go, because a part of the table that stays needs it."""


def find_column(table: Table, name: str) -> Column | None:
    """Return a column by its name, as SQLite compares names."""
    return next((column for column in table.columns if same(column.name, name)), None)


def get_column(table: Table, name: str) -> Column:
    """Return a column by its name.

    Raises:
        PartMissing: The table has no such column.
    """
    column = find_column(table, name)
    if column is None:
        raise PartMissing(f"No such column: {name!r}")
    return column


def rename_table(table: Table, name: str) -> Table:
    """Give the statement another table name; references of the table to itself stay."""
    return replace(table, written=quote(name))


def add_column(
    table: Table, column: Column, *, before: str | None = None, after: str | None = None
) -> Table:
    """Add a column, as the last one or next to another."""
    column = replace(column, lead=_indent(table), trail="", remark="")
    columns = list(table.columns)
    if after is not None:
        place = columns.index(get_column(table, after)) + 1
    elif before is not None:
        place = columns.index(get_column(table, before))
    else:
        place = len(columns)
    added = replace(table, columns=(*columns[:place], column, *columns[place:]))
    return _with_last_space(table, added)


def move_column(
    table: Table, name: str, *, before: str | None = None, after: str | None = None
) -> Table:
    """Put a column next to another."""
    moved = get_column(table, name)
    others = replace(table, columns=tuple(one for one in table.columns if one is not moved))
    return add_column(others, moved, before=before, after=after)


def order_columns(table: Table, chains: Iterable[Sequence[str]]) -> Table:
    """Put the columns of each chain in its order, and move no more than needed."""
    comes_after = {fold(column.name): set[str]() for column in table.columns}
    for chain in chains:
        names = [fold(get_column(table, name).name) for name in chain]
        for place, name in enumerate(names):
            comes_after[name].update(names[:place])
    left, ordered = list(table.columns), list[Column]()
    while left:
        placed = {fold(column.name) for column in ordered}
        free = (column for column in left if comes_after[fold(column.name)] <= placed)
        column = next(free, None)
        if column is None:
            raise PartInUse("the wanted order of the columns goes in a circle")
        left.remove(column)
        ordered.append(column)
    return replace(table, columns=tuple(ordered))


def drop_column(table: Table, name: str) -> Table:
    """Remove a column, and the constraints that are about it.

    A primary key of several columns loses it; a UNIQUE or a foreign key with it goes, and
    so does a CHECK that is about nothing else.

    Raises:
        PartMissing: The table has no such column.
        PartInUse: A CHECK or a generated column needs it, or it is the only column.
    """
    dropped = get_column(table, name)
    columns = tuple(column for column in table.columns if column is not dropped)
    if not columns:
        raise PartInUse("it is the only column")
    for column in columns:
        _refuse_mention(column, dropped.name)
    left = replace(table, columns=columns)
    kept = (_without_column(one, dropped.name, left) for one in table.constraints)
    left = replace(left, constraints=tuple(one for one in kept if one is not None))
    return _with_last_space(table, left)


def _refuse_mention(column: Column, name: str) -> None:
    for clause in column.clauses:
        is_expression = clause.kind in {Kind.CHECK, Kind.GENERATED}
        if is_expression and mentions(clause.expression, name):
            raise PartInUse(f"the column {column.name!r} is defined by it: {clause.body}")


def _without_column(constraint: Constraint, name: str, table: Table) -> Constraint | None:
    """Return a constraint of the table without a column, or None where nothing is left."""
    clause = constraint.clause
    if clause.kind is Kind.CHECK and mentions(clause.expression, name):
        others = [one.name for one in table.columns if mentions(clause.expression, one.name)]
        if others:
            raise PartInUse(f"a constraint needs it: {clause.text.strip()}")
        return None
    if not any(same(column, name) for column in clause.columns):
        return constraint
    if clause.kind is Kind.PRIMARY_KEY and len(clause.columns) > 1:
        return replace(constraint, clause=_without_part(clause, name))
    return None


def _without_part(clause: Clause, name: str) -> Clause:
    first, last = clause.lists or (0, 0)
    parts = clause.body[first:last].split(",")  # an indexed column has no comma in it
    names = zip(clause.columns, parts, strict=True)
    inner = ",".join(part for column, part in names if not same(column, name)).strip()
    body = f"{clause.body[:first]}{inner}{clause.body[last:]}"
    text = clause.text.removesuffix(clause.body) + body
    return parse_constraint(text).clause


def change_column(table: Table, name: str, change: Callable[[Column], Column]) -> Table:
    """Replace a column by what a function makes of it."""
    old = get_column(table, name)
    columns = tuple(change(one) if one is old else one for one in table.columns)
    return replace(table, columns=columns)


def set_type(column: Column, declared: str) -> Column:
    """Change the type, unless it is this one already."""
    if declared.split() == column.declared_type.split():
        return column
    space = column.type[: len(column.type) - len(column.type.lstrip())] or " "
    return replace(column, type=f"{space}{declared}")


def set_not_null(column: Column, *, not_null: bool) -> Column:
    """Forbid or allow NULL, unless it is so already."""
    if not_null is (column.clause(Kind.NOT_NULL) is not None):
        return column
    column = _without(column, Kind.NOT_NULL, Kind.NULL)
    return add_clause(column, "NOT NULL") if not_null else column


def set_default(column: Column, expression: str | None) -> Column:
    """Change the default, or take it away."""
    old = column.clause(Kind.DEFAULT)
    if (old.expression if old else None) == expression:
        return column
    column = _without(column, Kind.DEFAULT)
    return add_clause(column, f"DEFAULT {expression}") if expression else column


def set_collation(column: Column, name: str | None) -> Column:
    """Change the collation, or take it away."""
    old = column.clause(Kind.COLLATE)
    if (old is None and name is None) or (old and name and same(old.expression, name)):
        return column
    column = _without(column, Kind.COLLATE)
    return add_clause(column, f"COLLATE {quote(name)}") if name else column


def set_generated(column: Column, body: str | None) -> Column:
    """Change what a column is generated from, or make it an ordinary one."""
    column = _without(column, Kind.GENERATED)
    return add_clause(column, body) if body else column


def add_clause(column: Column, body: str, *, name: str | None = None) -> Column:
    """Add a clause to a column, as the last one."""
    named = f" CONSTRAINT {quote(name)} {body}" if name else f" {body}"
    (clause,) = parse_column(f"{column.written}{named}").clauses
    return replace(column, clauses=(*column.clauses, clause))


def _without(column: Column, *kinds: Kind) -> Column:
    return replace(column, clauses=tuple(one for one in column.clauses if one.kind not in kinds))


def add_constraint(table: Table, constraint: Constraint) -> Table:
    """Add a constraint of the table. A primary key takes the place of the one there was."""
    if constraint.clause.kind is Kind.PRIMARY_KEY:
        for found in tuple(table.found(Kind.PRIMARY_KEY)):
            table = drop_constraint(table, found)
    text = _indent(table) + constraint.clause.text.strip()
    added = Constraint(clause=replace(constraint.clause, text=text))
    return _with_last_space(table, replace(table, constraints=(*table.constraints, added)))


def drop_constraint(table: Table, found: Found) -> Table:
    """Remove a constraint, wherever it stands. A foreign key takes its DEFERRABLE along."""
    if found.column is None:
        left = (one for at, one in enumerate(table.constraints) if at != found.position)
        return _with_last_space(table, replace(table, constraints=tuple(left)))

    def without(column: Column) -> Column:
        left = tuple(one for at, one in enumerate(column.clauses) if at != found.position)
        column = replace(column, clauses=left)
        is_last_key = found.clause.kind is Kind.FOREIGN_KEY and not column.clause(Kind.FOREIGN_KEY)
        return _without(column, Kind.DEFERRABLE) if is_last_key else column

    return change_column(table, found.column, without)


def add_to_primary_key(table: Table, name: str) -> Table:
    """Make a column part of the primary key."""
    found = next(table.found(Kind.PRIMARY_KEY), None)
    columns = [*(found.columns if found else ()), name]
    listed = ", ".join(quote(column) for column in columns)
    named = found.clause.name if found else None
    prefix = f"CONSTRAINT {quote(named)} " if named else ""
    return add_constraint(table, parse_constraint(f"{prefix}PRIMARY KEY ({listed})"))


def set_autoincrement(table: Table, *, wanted: bool) -> Table:
    """Let numbers of deleted rows never come again, or let them."""
    found = next(table.found(Kind.PRIMARY_KEY), None)
    if found is None or len(found.columns) != 1 or found.clause.is_autoincrement is wanted:
        return table
    (column,) = found.columns
    table = drop_constraint(table, found)
    body = "PRIMARY KEY AUTOINCREMENT" if wanted else "PRIMARY KEY"
    name = found.clause.name
    return change_column(table, column, lambda one: add_clause(one, body, name=name))


def set_option(table: Table, option: str, *, wanted: bool) -> Table:
    """Add or remove STRICT or WITHOUT ROWID."""
    options = table.options
    if (option in options) is wanted:
        return table
    options = options | {option} if wanted else options - {option}
    space = table.tail[: table.tail.index(")")]
    return replace(table, tail=f"{space}) {', '.join(sorted(options))}".rstrip())


def for_column(clause: Clause) -> str:
    """Return a constraint of the table on one column in the form of a clause of the column."""
    if clause.kind is not Kind.FOREIGN_KEY or clause.lists is None:
        return clause.body
    return clause.body[clause.lists[1] + 1 :].strip()


def rename_columns(constraint: Constraint, names: Sequence[tuple[str, str]]) -> Constraint:
    """Return a constraint with other names for some of the columns of its table."""
    clause = constraint.clause
    first, last = clause.lists or ((0, len(clause.body)) if clause.kind is Kind.CHECK else (0, 0))
    if first == last or not names:
        return constraint
    inner = rename_in(clause.body[first:last], names)
    body = f"{clause.body[:first]}{inner}{clause.body[last:]}"
    return parse_constraint(f"{clause.text.removesuffix(clause.body).strip()} {body}")


def is_rowid(table: Table, name: str) -> bool:
    """Return whether a column is the INTEGER PRIMARY KEY, another name for the row's number."""
    found = next(table.found(Kind.PRIMARY_KEY), None)
    if found is None or not table.has_rowid or len(found.columns) != 1:
        return False
    column = get_column(table, name)
    is_integer = canonical_type(column.declared_type) == "INTEGER"
    is_descending = found.column is not None and " DESC" in f" {found.clause.body.upper()}"
    return same(found.columns[0], name) and is_integer and not is_descending


def _with_last_space(before: Table, after: Table) -> Table:
    """Let the space before the closing parenthesis stay there, whatever comes last."""
    old, new = before.items[-1], after.items[-1]
    if old is new or old.trail.strip() or new.trail or new.remark:
        return after
    columns = tuple(_respaced(one, old, new) for one in after.columns)
    constraints = tuple(_respaced(one, old, new) for one in after.constraints)
    return replace(after, columns=columns, constraints=constraints)


def _respaced(item: _Item, old: Column | Constraint, new: Column | Constraint) -> _Item:
    if item is new:
        return replace(item, trail=old.trail)
    return replace(item, trail="") if item is old else item


def _indent(table: Table) -> str:
    """Return the space that the last item has before it, without comments."""
    lead = table.columns[-1].lead if table.columns else ""
    if lead and not lead.strip():
        return lead
    return "\n  " if "\n" in table.text else " "
