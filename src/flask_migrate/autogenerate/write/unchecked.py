"""Constraints that have not checked their rows, which PostgreSQL calls NOT VALID. Pure."""

from dataclasses import replace

from flask_migrate.autogenerate.differences import Difference, Differences, TableDifference
from flask_migrate.autogenerate.sides import Side
from flask_migrate.values.schema import Constraint

NOT_VALID = " NOT VALID"


def without_state(constraint: Constraint) -> Constraint:
    """Return a constraint that does not tell whether it has checked its rows, nor its comment."""
    definition = constraint.definition.removesuffix(NOT_VALID)
    return replace(constraint, comment=None, definition=definition)


def without_unchecked(differences: Differences, models: Side) -> Differences:
    """Return differences without the constraints that are NOT VALID, as the models ask for.

    A new table has no rows: there the server takes every constraint for one that is kept.

    Args:
        differences: From the database to the models.
        models: What is to be there.
    """
    tables = (_without_unchecked(one, models) for one in differences.tables)
    return replace(differences, tables=tuple(one for one in tables if one is not None))


def _without_unchecked(table: TableDifference, models: Side) -> TableDifference | None:
    constraints = tuple(one for one in table.constraints if not _is_asked_for(one, table, models))
    if constraints == table.constraints:
        return table
    before, after = table.before, table.after
    is_same = (
        before is not None
        and after is not None
        and (before.comment, before.options) == (after.comment, after.options)
    )
    is_left = bool(table.columns or constraints or table.indexes) or not is_same
    return replace(table, constraints=constraints) if is_left else None


def _is_asked_for(one: Difference[Constraint], table: TableDifference, models: Side) -> bool:
    if one.before is None or one.after is None or one.before.comment != one.after.comment:
        return False
    if without_state(one.before) != without_state(one.after):
        return False
    model = models.constraint(table.name, one.after)
    return model is not None and bool(model.dialect_kwargs.get("postgresql_not_valid"))
