"""What a naming convention calls a constraint that the database has without a name."""

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

from flask_migrate.database.sqlite.ddl import Found, Kind, Table
from flask_migrate.database.sqlite.tokens import fold, mentions
from flask_migrate.execution.sqlite.apply import NameOf

Convention = Mapping[Any, Any]


def names_by(conventions: Sequence[Convention], *, originals: Mapping[str, str]) -> NameOf:
    """Return a function that names constraints.

    Args:
        conventions: As of `MetaData`; each gives a name.
        originals: What columns were called before the batch, by what they are called now.
            Who drops a constraint may think of either.
    """

    def name_of(table: Table, found: Found) -> Iterator[str]:
        now = {column.name: column.name for column in table.columns}
        before = {name: originals.get(fold(name), name) for name in now}
        for columns in (before, now):
            for convention in conventions:
                yield from _name(table, found, convention, columns)

    return name_of


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
