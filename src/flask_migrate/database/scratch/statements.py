"""What `create_all()` would run for some tables, as text, without running it or its events."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Dialect, ForeignKeyConstraint, MetaData, Sequence, Table
from sqlalchemy.dialects.postgresql import DOMAIN, ENUM, CreateDomainType, CreateEnumType
from sqlalchemy.exc import CompileError
from sqlalchemy.schema import (
    AddConstraint,
    CreateIndex,
    CreateSequence,
    CreateTable,
    DDLElement,
    SetColumnComment,
    SetConstraintComment,
    SetTableComment,
    sort_tables_and_constraints,
)

from flask_migrate._sqlalchemy import item_type, sequences_of
from flask_migrate.declarations.events import Declared
from flask_migrate.values.schema import Name


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One statement.

    Attributes:
        owner: The table that it belongs to, or the sequence or the type that it makes.
        sql: The statement, its percent signs doubled where the driver wants that of a
            statement with parameters; "" if SQLAlchemy cannot write it for this server.
        problem: Why it cannot, or None.
        code: The view, function or trigger that it makes; None for anything else.
    """

    owner: Name
    sql: str
    problem: str | None = None
    code: Declared | None = None


def of_code(declared: Declared, dialect: Dialect) -> Statement:
    """Return the statement that makes a view, a function or a trigger."""
    return Statement(owner=declared.owner, sql=doubled(declared.text, dialect), code=declared)


def doubled(sql: str, dialect: Dialect) -> str:
    """Return SQL as it is run: its percent signs doubled, where the driver wants that."""
    return sql.replace("%", "%%") if dialect.paramstyle in {"format", "pyformat"} else sql


def creation(
    tables: Collection[Table], *, dialect: Dialect, schemas: Mapping[Any, str] | None = None
) -> Iterator[Statement]:
    """Yield the statements that make some tables, and the types and sequences of their metadata.

    Args:
        tables: The tables, in any order.
        dialect: The server.
        schemas: Names to use in place of those that the tables have. What names no schema
            is made where the session is, unless None has one, too.
    """
    elements = [
        *_types(tables, dialect),
        *(_sequences(tables) if dialect.supports_sequences else ()),
        *_tables(tables, dialect),
    ]
    for owner, element in elements:
        try:
            compiled = element.compile(
                dialect=dialect, schema_translate_map=schemas or {}, render_schema_translate=True
            )
        except CompileError as error:
            yield Statement(owner=owner, sql="", problem=str(error))
        else:
            yield Statement(owner=owner, sql=str(compiled).strip())


def creation_of_one(table: Table, *, dialect: Dialect) -> list[tuple[Name, str]]:
    """Return the statements that make a table and its types, each with the name of what it makes.

    Args:
        table: The table.
        dialect: The server.

    Raises:
        SQLAlchemyError: SQLAlchemy cannot write one of them.
    """
    elements = [*_types([table], dialect), *_tables([table], dialect)]
    return [(owner, str(element.compile(dialect=dialect))) for owner, element in elements]


def _tables(tables: Collection[Table], dialect: Dialect) -> Iterator[tuple[Name, DDLElement]]:
    for table, keys in sort_tables_and_constraints(tables):  # type: ignore[no-untyped-call]
        if table is None:
            yield from _late_keys(keys, dialect)
        else:
            within = keys if dialect.supports_alter else None
            yield from _table(table, within, dialect)


def _types(
    tables: Iterable[Table], dialect: Dialect
) -> Iterator[tuple[Name, CreateEnumType | CreateDomainType]]:
    made = set()
    for table in tables if dialect.name == "postgresql" else ():
        for column in table.columns:
            type_ = column.type
            # The dialect's copy of one of its own has lost its collation before SQLAlchemy 2.1.
            if not isinstance(type_, ENUM | DOMAIN):
                type_ = item_type(type_.dialect_impl(dialect), dialect)
            if not isinstance(type_, ENUM | DOMAIN) or not type_.create_type:
                continue
            name = Name(type_.schema or "", str(type_.name))
            if name not in made:
                made.add(name)
                create = CreateEnumType if isinstance(type_, ENUM) else CreateDomainType
                yield name, create(type_)


def _sequences(tables: Iterable[Table]) -> Iterator[tuple[Name, CreateSequence]]:
    metadatas: dict[int, MetaData] = {id(table.metadata): table.metadata for table in tables}
    found: dict[Name, Sequence] = {}
    for metadata in metadatas.values():
        found |= {Name(one.schema or "", one.name): one for one in sequences_of(metadata)}
    for name, sequence in found.items():
        if not sequence.optional:
            yield name, CreateSequence(sequence)


def _table(
    table: Table, keys: Collection[ForeignKeyConstraint] | None, dialect: Dialect
) -> Iterator[tuple[Name, DDLElement]]:
    owner = Name(table.schema or "", table.name)
    given = list(keys) if keys is not None else None
    yield owner, CreateTable(table, include_foreign_key_constraints=given)
    for index in sorted(table.indexes, key=lambda one: str(one.name)):
        yield owner, CreateIndex(index)
    if dialect.supports_comments and not dialect.inline_comments:
        for element in _comments(table, dialect):
            yield owner, element


def _comments(table: Table, dialect: Dialect) -> Iterator[DDLElement]:
    if table.comment is not None:
        yield SetTableComment(table)
    yield from (SetColumnComment(one) for one in table.columns if one.comment is not None)
    if dialect.supports_constraint_comments:
        for constraint in table.constraints:
            if constraint.comment is not None:
                yield SetConstraintComment(constraint)


def _late_keys(
    keys: Iterable[ForeignKeyConstraint], dialect: Dialect
) -> Iterator[tuple[Name, DDLElement]]:
    if dialect.supports_alter:
        for key in keys:
            yield Name(key.parent.schema or "", key.parent.name), AddConstraint(key)
