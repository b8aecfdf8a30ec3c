"""Draws a change of models, of the kinds that people make."""

from dataclasses import replace

from tests.pairs.models import ForeignKey
from tests.pairs.options import draw_options
from tests.pairs.parts import (
    COLUMNS,
    draw_column,
    draw_comment,
    draw_default,
    draw_formula,
    draw_key,
    draw_name,
    draw_numbering,
    draw_part,
    draw_type,
    often,
)
from tests.pairs.repair import repaired
from tests.pairs.types import TYPES
from tests.pairs.values import defaults_in_python

_MORE_LABELS = ("first", "last", "in between", "x'y")


def changed(random, models):
    """Return models that differ in one respect, and in what follows from it."""
    change = random.choice(_CHANGES)
    return repaired(change(random, models))


def _of_table(change):
    def of_table(random, models):
        if not models.tables:
            return models
        table = random.choice(models.tables)
        return _replaced(models, table, change(random, table, models))

    return of_table


def _of_column(change):
    @_of_table
    def of_column(random, table, models):
        columns = [one for one in table.columns if one.name != "id"] or table.columns
        column = random.choice(columns)
        return table.with_column(change(random, column, table, models))

    return of_column


def _replaced(models, old, new):
    tables = (new if one is old else one for one in models.tables)
    return replace(models, tables=tuple(tables))


# ---------------------------------------------------------------- tables


def _add_table(random, models):
    from tests.pairs.draw import draw_table  # noqa: PLC0415 - a circle

    return replace(models, tables=(*models.tables, draw_table(random, models)))


def _drop_table(random, models):
    gone = random.choice(models.tables or (None,))
    return replace(models, tables=tuple(one for one in models.tables if one is not gone))


@_of_table
def _rename_table(random, table, models):
    taken = [one.name for one in models.tables]
    return replace(table, name=draw_name(random, ("people", "teams", "sales"), taken))


@_of_table
def _change_key(random, table, models):
    return replace(table, key=draw_key(random, table))


@_of_table
def _comment_table(random, table, models):
    comment = draw_comment(random, models) if often(random, 0.7) else None
    return replace(table, comment=comment)


@_of_table
def _change_options(random, table, models):
    return replace(table, options=draw_options(random, models.dialect))


# ---------------------------------------------------------------- columns


@_of_table
def _add_column(random, table, models):
    return replace(table, columns=(*table.columns, draw_column(random, table, models)))


@_of_table
def _drop_column(random, table, models):
    names = [one.name for one in table.columns if one.name != "id"]
    gone = random.choice(names or [None])
    return replace(table, columns=tuple(one for one in table.columns if one.name != gone))


@_of_column
def _rename_column(random, column, table, models):
    if column.name == "id":
        return column
    return replace(column, name=draw_name(random, COLUMNS, [one.name for one in table.columns]))


@_of_column
def _retype(random, column, table, models):
    alike = [one for one in TYPES[models.dialect] if one.family == column.type.family]
    if alike and often(random, 0.7):
        return replace(column, type=random.choice(alike))
    return replace(column, type=draw_type(random, models))


@_of_table
def _retype_id(random, table, models):
    wholes = [one for one in TYPES[models.dialect] if one.family == "whole"]
    return table.with_column(replace(table.column("id"), type=random.choice(wholes)))


@_of_column
def _change_nullable(random, column, table, models):
    fill = random.choice(defaults_in_python(column.type) or [None])
    return replace(column, nullable=not column.nullable, in_python=column.in_python or fill)


@_of_column
def _change_default(random, column, table, models):
    default = draw_default(random, column.type, models) if often(random, 0.75) else None
    return replace(column, default=default)


@_of_column
def _comment_column(random, column, table, models):
    comment = draw_comment(random, models) if often(random, 0.7) else None
    return replace(column, comment=comment)


@_of_column
def _change_formula(random, column, table, models):
    others = replace(table, columns=tuple(one for one in table.columns if one is not column))
    formula = (
        draw_formula(random, others, models) if not column.formula or often(random, 0.5) else None
    )
    return replace(column, formula=formula)


@_of_column
def _change_numbering(random, column, table, models):
    return replace(column, numbering="" if column.numbering else draw_numbering(random))


# ---------------------------------------------------------------- constraints and indexes


@_of_table
def _add_part(random, table, models):
    part = draw_part(random, table, models)
    return table if part is None else replace(table, parts=(*table.parts, part))


@_of_table
def _drop_part(random, table, models):
    gone = random.choice(table.parts or (None,))
    return replace(table, parts=tuple(one for one in table.parts if one is not gone))


@_of_table
def _change_part(random, table, models):
    if not table.parts:
        return table
    old = random.choice(table.parts)
    new = draw_part(random, table, models)
    return replace(table, parts=tuple((new or one) if one is old else one for one in table.parts))


@_of_table
def _rename_part(random, table, models):
    if not table.parts:
        return table
    old = random.choice(table.parts)
    new = replace(old, name=f"{table.name}_{old.columns[0]}_{random.randint(1, 9)}")
    return replace(table, parts=tuple(new if one is old else one for one in table.parts))


@_of_table
def _reorder_part(random, table, models):
    parts = [one for one in table.parts if not isinstance(one, ForeignKey)]
    old = random.choice(parts or [None])
    if old is None or hasattr(old, "parts"):
        return table
    new = replace(old, columns=tuple(reversed(old.columns)))
    return replace(table, parts=tuple(new if one is old else one for one in table.parts))


# ---------------------------------------------------------------- what tables share


def _change_enum(random, models):
    if not models.enums:
        return models
    enum = random.choice(models.enums)
    labels = list(enum.labels)
    free = [one for one in _MORE_LABELS if one not in labels]
    match random.randint(0, 3):
        case 0 | 1 if free:
            labels.insert(random.randint(0, len(labels)), random.choice(free))
        case 2 if len(labels) > 1:
            labels.remove(random.choice(labels))
        case _:
            random.shuffle(labels)
    new = replace(enum, labels=tuple(labels))
    return replace(models, enums=tuple(new if one is enum else one for one in models.enums))


def _change_sequence(random, models):
    from tests.pairs.draw import draw_sequence  # noqa: PLC0415 - a circle

    if models.dialect == "sqlite":
        return models
    gone = models.sequences and often(random, 0.4)
    return replace(models, sequences=() if gone else (draw_sequence(random),))


def _change_convention(random, models):
    return replace(models, has_convention=True)


_CHANGES = (
    *(_add_column, _retype, _change_default, _change_nullable, _add_part, _add_part, _drop_part),
    *(_drop_column, _rename_column, _change_part, _change_part, _rename_part, _reorder_part),
    *(_add_table, _drop_table, _rename_table, _change_key, _comment_table, _comment_column),
    *(_change_formula, _change_numbering, _change_options, _retype_id, _change_enum, _change_enum),
    *(_change_sequence, _change_convention, _retype),
)
