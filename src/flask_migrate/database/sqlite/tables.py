"""A CREATE TABLE statement as the values of a snapshot."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from flask_migrate.database.sqlite import ddl
from flask_migrate.database.sqlite.canonical import (
    canonical_collation,
    canonical_default,
    canonical_expression,
    canonical_type,
)
from flask_migrate.database.sqlite.constraints import conflict_of, constraints_of
from flask_migrate.database.sqlite.ddl import Kind
from flask_migrate.database.sqlite.edit import is_rowid
from flask_migrate.database.sqlite.terms import Known
from flask_migrate.database.sqlite.tokens import fold, significant
from flask_migrate.values.schema import Column, Computed, Index, Name, Options, Table

STRICT = "STRICT"
WITHOUT_ROWID = "WITHOUT ROWID"
NOT_NULL_CONFLICT = "NOT NULL ON CONFLICT"


def known_of(table: ddl.Table, name: Name) -> Known:
    """Return what a table is to its keys and indexes, and to the foreign keys of others."""
    said = [_said(column) for column in table.columns]
    columns = {one.folded: one.name for one in said}
    key = next(table.found(Kind.PRIMARY_KEY), None)
    return Known(
        name=name,
        columns=columns,
        collations={one.folded: one.collation for one in said if one.collation},
        key=tuple(columns.get(fold(one), one) for one in key.columns) if key else (),
    )


def table_of(
    table: ddl.Table,
    itself: Known,
    parents: Mapping[str, Known],
    indexes: tuple[Index, ...],
) -> Table:
    """Return a table.

    Args:
        table: What its statement says.
        itself: The same, as its keys see it.
        parents: The tables that foreign keys can refer to, by their folded names.
        indexes: Its indexes.
    """
    rowid = itself.key[0] if itself.key and is_rowid(table, itself.key[0]) else None
    options = (STRICT, table.is_strict), (WITHOUT_ROWID, not table.has_rowid)
    return Table(
        name=itself.name,
        columns=tuple([_column(one, table, itself, rowid) for one in table.columns]),
        constraints=constraints_of(table, itself, parents, rowid=rowid),
        indexes=indexes,
        options=tuple([(option, "yes") for option, is_set in options if is_set]),
    )


def _column(column: ddl.Column, table: ddl.Table, itself: Known, rowid: str | None) -> Column:
    said = _said(column)
    is_rowid = said.name == rowid
    is_key = said.name in itself.key
    found = _plain(
        column,
        has_no_null=is_rowid or (is_key and (table.is_strict or not table.has_rowid)),
        is_numbered=is_rowid and _is_autoincrement(table),
    )
    clause = column.clause(Kind.GENERATED)
    return found if clause is None else replace(found, computed=_computed(clause, itself))


@dataclass(frozen=True, slots=True)
class _Said:
    """What a column says wherever it stands.

    Attributes:
        name: Its name.
        folded: The same for every way to write it.
        collation: Its collation, if it is not the usual one.
    """

    name: str
    folded: str
    collation: str | None


@lru_cache(maxsize=4096)
def _said(column: ddl.Column) -> _Said:
    return _Said(column.name, fold(column.name), _collation(column))


@lru_cache(maxsize=4096)
def _plain(column: ddl.Column, *, has_no_null: bool, is_numbered: bool) -> Column:
    """Return a column without how it is computed. Many tables have the same."""
    default = column.clause(Kind.DEFAULT)
    return Column(
        name=column.name,
        type=canonical_type(column.declared_type),
        nullable=not has_no_null and column.clause(Kind.NOT_NULL) is None,
        default=canonical_default(default.expression) if default else None,
        is_numbered=is_numbered,
        collation=_collation(column),
        options=_options(column),
    )


def _computed(clause: ddl.Clause, itself: Known) -> Computed:
    return Computed(
        expression=canonical_expression(clause.expression, itself.columns),
        is_stored=significant(clause.body)[-1].keyword == "STORED",
    )


def _is_autoincrement(table: ddl.Table) -> bool:
    return any(one.clause.is_autoincrement for one in table.found(Kind.PRIMARY_KEY))


def _collation(column: ddl.Column) -> str | None:
    clause = column.clause(Kind.COLLATE)
    return canonical_collation(clause.expression) if clause else None


def _options(column: ddl.Column) -> Options:
    clause = column.clause(Kind.NOT_NULL)
    conflict = conflict_of(clause) if clause else ""
    return ((NOT_NULL_CONFLICT, conflict.split()[-1]),) if conflict else ()
