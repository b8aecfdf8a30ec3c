"""What constraints that the database has without a name are called, by a convention or not."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Constraint,
    ForeignKeyConstraint,
    MetaData,
    PrimaryKeyConstraint,
    UniqueConstraint,
    and_,
)
from sqlalchemy import Table as Model
from sqlalchemy.exc import InvalidRequestError
from sqlalchemy.types import NullType

from flask_migrate.database.sqlite.ddl import CONSTRAINTS, Found, Kind, Table
from flask_migrate.database.sqlite.default_names import Nameless, nameless_in, names_in
from flask_migrate.database.sqlite.tokens import fold, mentions
from flask_migrate.execution.sqlite.apply import NameOf

Convention = Mapping[Any, Any]


def names_by(
    conventions: Sequence[Convention], *, originals: Mapping[str, str], before: Table, base: Table
) -> NameOf:
    """Return a function that names constraints.

    Args:
        conventions: As of `MetaData`; each gives a name.
        originals: What columns were called before the batch, by what they are called now.
            Who drops a constraint may think of either.
        before: The table before the batch.
        base: The same, its columns renamed.
    """
    defaults = [dict(names_in(base)), _by_new_columns(before, base)]

    def name_of(table: Table, found: Found) -> Iterator[str]:
        key = nameless_in(found, base)
        yield from (names[key] for names in defaults if key in names)
        now = {column.name: column.name for column in table.columns}
        before = {name: originals.get(fold(name), name) for name in now}
        for columns in (before, now):
            for convention in conventions:
                yield from _name(table, found, convention, columns)

    return name_of


def _by_new_columns(before: Table, base: Table) -> dict[Nameless, str]:
    """Return the default names of before, by the constraints as they are now."""
    names = dict(names_in(before))
    pairs = zip(before.found(*CONSTRAINTS), base.found(*CONSTRAINTS), strict=True)
    keys = ((nameless_in(old, before), nameless_in(new, base)) for old, new in pairs)
    return {new: names[old] for old, new in keys if old in names}


def _name(
    table: Table, found: Found, convention: Convention, columns: Mapping[str, str]
) -> Iterator[str]:
    metadata = MetaData(naming_convention=dict(convention))
    model = Model(table.name, metadata, *(Column(name, NullType()) for name in columns.values()))
    try:
        constraint = _constraint(model, found, columns)
        if found.clause.kind is not Kind.PRIMARY_KEY:
            model.append_constraint(constraint)
    except (InvalidRequestError, KeyError):
        return  # the convention wants a name to begin with, or speaks of what it has not
    if isinstance(constraint.name, str):
        yield str(constraint.name)


def _constraint(model: Model, found: Found, columns: Mapping[str, str]) -> Constraint:
    clause = found.clause
    folded = {fold(name): was for name, was in columns.items()}
    own = [folded.get(fold(name), name) for name in found.columns]
    match clause.kind:
        case Kind.UNIQUE:
            return UniqueConstraint(*own)
        case Kind.PRIMARY_KEY:
            key = PrimaryKeyConstraint(*own)
            model.append_constraint(key)
            return key
        case Kind.FOREIGN_KEY:
            parent = str(clause.refers_to)
            names = clause.refers_columns or own
            if parent != model.name:
                Model(parent, model.metadata, *(Column(name, NullType()) for name in names))
            return ForeignKeyConstraint(own, [f"{parent}.{name}" for name in names])
        case _:
            about = [was for name, was in columns.items() if mentions(clause.expression, name)]
            return CheckConstraint(and_(*(model.c[name] for name in about or columns.values())))
